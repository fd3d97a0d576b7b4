import { createContext } from 'svelte';
import type { Message } from '$lib/protocol';
import type { JoinedRoom } from '$lib/rooms/room.svelte';
import type { HeardUpTo } from './missed';
import type { Notices } from './notices.svelte';

/** What comes before the part that tells has been loaded is kept up to this; older news is none. */
const MOST_EARLY = 50;

/** Where news goes. The part that tells of it is fetched once there is something on the screen. */
export class Telling {
	#notices: Notices | undefined = $state.raw();
	#early: [JoinedRoom, Message][] = [];

	/** Undefined until it has been loaded. */
	get notices() {
		return this.#notices;
	}

	/** A message came that had not been there before. */
	heard = (room: JoinedRoom, message: Message) => {
		if (this.#notices) return this.#notices.heard(room, message);
		this.#early.push([room, message]);
		if (this.#early.length > MOST_EARLY) this.#early.shift();
	};

	/** There is a connection again, after one that was lost. */
	missed = (heardUpTo: HeardUpTo) => void this.#notices?.missed(heardUpTo);

	begin(notices: Notices) {
		this.#notices = notices;
		for (const [room, message] of this.#early.splice(0)) notices.heard(room, message);
	}
}

export const [getTelling, setTelling] = createContext<Telling>();
