import { RefusalError } from '$lib/http/request';
import { moveMark } from '$lib/http/rooms';
import type { MoveMark } from '$lib/protocol';
import type { JoinedRoom } from './room.svelte';

/** Marks are gathered for a moment: scrolling past a page is one mark, not fifty. */
const GATHER_MS = 300;

/** A mark that other devices move again and again is left to them. */
const MOST_TRIES = 5;

/** Moves read marks to what was seen. One mark a room is on its way at a time. */
export class Reading {
	#seen = new Map<number, number>();
	#asked = new Map<number, number>();
	// Rooms that the person has put back to unread, until they come back to them.
	#held = new Set<number>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#room: (id: number) => JoinedRoom | undefined;
	#send: (frame: MoveMark) => boolean;

	constructor(room: (id: number) => JoinedRoom | undefined, send: (frame: MoveMark) => boolean) {
		this.#room = room;
		this.#send = send;
	}

	/** The person has had this message on screen, in a window that has the focus. */
	saw(roomId: number, seq: number) {
		if (this.#held.has(roomId) || seq <= (this.#room(roomId)?.unread.mark ?? seq)) return;
		this.#seen.set(roomId, Math.max(seq, this.#seen.get(roomId) ?? 0));
		this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
	}

	/** How far the person has read, also where the mark is still on its way. */
	reach(roomId: number): number {
		const mark = this.#room(roomId)?.unread.mark ?? 0;
		return Math.max(mark, this.#seen.get(roomId) ?? 0, this.#asked.get(roomId) ?? 0);
	}

	/** The person opens a room: what they see from now on is read. */
	opened(roomId: number) {
		this.#held.delete(roomId);
	}

	/** The person wants to read again from this message on: until they open the room again, seeing it is not reading it. */
	async putBack(roomId: number, seq: number): Promise<void> {
		this.#held.add(roomId);
		this.#seen.delete(roomId);
		await this.#move(roomId, seq - 1);
	}

	/** Everything in the room counts as read, wherever it is. */
	async readAll(roomId: number): Promise<void> {
		this.#held.delete(roomId);
		const lastSeq = this.#room(roomId)?.unread.lastSeq;
		if (lastSeq !== undefined) await this.#move(roomId, lastSeq);
	}

	/** The mark goes back to where it was, unless it has moved on since. */
	async moveTo(roomId: number, mark: number, replaces: number): Promise<void> {
		this.#seen.delete(roomId);
		try {
			await moveMark(roomId, mark, replaces);
		} catch (failure) {
			if (!isStale(failure)) throw failure;
		}
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

	// What the person asks for now is newer than whatever has moved the mark in the meantime.
	async #move(roomId: number, mark: number) {
		let replaces = this.#room(roomId)?.unread.mark;
		for (let tries = 0; replaces !== undefined && replaces !== mark && tries < MOST_TRIES; tries++) {
			try {
				await moveMark(roomId, mark, replaces);
				return;
			} catch (failure) {
				if (!isStale(failure)) throw failure;
				replaces = failure.params?.mark;
			}
		}
	}
}

const isStale = (failure: unknown): failure is RefusalError =>
	failure instanceof RefusalError && failure.code === 'stale_mark';
