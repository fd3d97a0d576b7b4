import { SvelteMap } from 'svelte/reactivity';

/** How long somebody is taken to be writing after they were heard to. */
const LASTS_MS = 6_000;

/** How often the server wants to hear that one is still writing. */
const SAY_EVERY_MS = 3_000;

/** Who is writing where, and saying so oneself. */
export class TypingPeople {
	#byRoom = new SvelteMap<number, readonly number[]>();
	#ends = new Map<string, ReturnType<typeof setTimeout>>();
	#said = new Map<number, number>();
	#say: (roomId: number) => void;

	constructor(say: (roomId: number) => void) {
		this.#say = say;
	}

	/** Ids of the people writing in the room, who began first first. */
	in(roomId: number): readonly number[] {
		return this.#byRoom.get(roomId) ?? [];
	}

	heard(roomId: number, userId: number) {
		const key = `${roomId}:${userId}`;
		clearTimeout(this.#ends.get(key));
		this.#ends.set(
			key,
			setTimeout(() => this.stopped(roomId, userId), LASTS_MS)
		);
		const writing = this.in(roomId);
		if (!writing.includes(userId)) this.#byRoom.set(roomId, [...writing, userId]);
	}

	/** Their message came, or they fell silent. */
	stopped(roomId: number, userId: number) {
		const key = `${roomId}:${userId}`;
		clearTimeout(this.#ends.get(key));
		if (!this.#ends.delete(key)) return;
		this.#byRoom.set(
			roomId,
			this.in(roomId).filter((id) => id !== userId)
		);
	}

	/** One is writing oneself: said at once, then at most every 3 s. */
	writing(roomId: number, now = Date.now()) {
		if (now - (this.#said.get(roomId) ?? -Infinity) < SAY_EVERY_MS) return;
		this.#said.set(roomId, now);
		this.#say(roomId);
	}

	/** The message went off: the next letter is news again. */
	sent(roomId: number) {
		this.#said.delete(roomId);
	}

	clear() {
		for (const timer of this.#ends.values()) clearTimeout(timer);
		this.#ends.clear();
		this.#byRoom.clear();
		this.#said.clear();
	}
}
