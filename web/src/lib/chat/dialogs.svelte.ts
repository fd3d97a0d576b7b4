import { createContext } from 'svelte';

export type DialogName = 'create' | 'browse' | 'direct' | 'profile' | 'invite' | 'edit';

/** The dialog that is open; one at a time. */
export class Dialogs {
	#name: DialogName | null = $state(null);
	#roomId: number | null = $state(null);

	get name() {
		return this.#name;
	}

	/** The room that the dialog is about, for those that are about one. */
	get roomId() {
		return this.#roomId;
	}

	open(name: DialogName, roomId: number | null = null) {
		this.#name = name;
		this.#roomId = roomId;
	}

	close() {
		this.#name = null;
	}
}

export const [getDialogs, setDialogs] = createContext<Dialogs>();
