import { createContext } from 'svelte';

/** The log that a row stands in. */
export interface Log {
	/** Brings a message into view and points at it. */
	show: (seq: number) => void;
}

const [get, setLog] = createContext<Log>();

export { setLog };

/** Undefined where messages stand alone: in an inbox, among pins. */
export function getLog(): Log | undefined {
	try {
		return get();
	} catch {
		return undefined;
	}
}
