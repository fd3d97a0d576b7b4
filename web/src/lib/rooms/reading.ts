import type { MoveMark } from '$lib/protocol';
import type { JoinedRoom } from './room.svelte';

/** Marks are gathered for a moment: scrolling past a page is one mark, not fifty. */
const GATHER_MS = 300;

/** Moves read marks to what was seen. One mark a room is on its way at a time. */
export class Reading {
	#seen = new Map<number, number>();
	#asked = new Map<number, number>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#room: (id: number) => JoinedRoom | undefined;
	#send: (frame: MoveMark) => boolean;

	constructor(room: (id: number) => JoinedRoom | undefined, send: (frame: MoveMark) => boolean) {
		this.#room = room;
		this.#send = send;
	}

	/** The person has had this message on screen, in a window that has the focus. */
	saw(roomId: number, seq: number) {
		if (seq <= (this.#room(roomId)?.unread.mark ?? seq)) return;
		this.#seen.set(roomId, Math.max(seq, this.#seen.get(roomId) ?? 0));
		this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
	}

	/** The mark has moved, here or elsewhere. */
	moved(roomId: number) {
		this.#asked.delete(roomId);
		this.flush();
	}

	/**
	 * It was not moved.
	 * @param retry whether it can be later; otherwise what is known of the mark is old, and the person must look again
	 */
	refused(roomId: number, retry: boolean) {
		const seq = this.#asked.get(roomId);
		this.#asked.delete(roomId);
		if (retry && seq !== undefined) this.saw(roomId, seq);
	}

	/** What was on its way is not known to have arrived. */
	interrupt() {
		const asked = [...this.#asked];
		this.#asked.clear();
		for (const [roomId, seq] of asked) this.saw(roomId, seq);
	}

	flush() {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		for (const [roomId, seq] of this.#seen) {
			const mark = this.#room(roomId)?.unread.mark;
			if (mark === undefined || seq <= mark) this.#seen.delete(roomId);
			else if (
				!this.#asked.has(roomId) &&
				this.#send({ type: 'read', roomId, mark: seq, replaces: mark })
			) {
				this.#asked.set(roomId, seq);
				this.#seen.delete(roomId);
			}
		}
	}

	close() {
		clearTimeout(this.#timer);
	}
}
