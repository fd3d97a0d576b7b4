import { createContext } from 'svelte';
import type { Chat } from '$lib/chat/chat.svelte';
import type { JoinedRoom } from '$lib/rooms/room.svelte';
import { Attempt } from '$lib/ui/attempt.svelte';

/** So long it can be undone. */
const UNDO_MS = 10_000;

/** A mark that was moved to a room's end. */
interface Moved {
	roomId: number;
	from: number;
	to: number;
}

interface Told {
	/** How many rooms. */
	count: number;
	undone: boolean;
}

/** Calls rooms read without reading them, and takes it back. */
export class Marking {
	readonly attempt = new Attempt();
	#chat: Chat;
	#moved: readonly Moved[] = $state.raw([]);
	#told: Told | null = $state.raw(null);
	#moving: Promise<void> = Promise.resolve();
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(chat: Chat) {
		this.#chat = chat;
	}

	/** What is to be said about it; null: nothing any more. */
	get told() {
		return this.#told;
	}

	get undoable() {
		return this.#moved.length > 0;
	}

	/** Calls these rooms read, or all that have anything unread. */
	readAll(rooms: readonly JoinedRoom[] = this.#chat.rooms.all()) {
		const unread = rooms.filter(({ unread }) => unread.count > 0);
		if (this.attempt.busy) return;
		this.#moved = unread.map(({ id, unread }) => ({
			roomId: id,
			from: unread.mark,
			to: unread.lastSeq
		}));
		this.#say({ count: unread.length, undone: false });
		this.#moving = this.attempt.run(() =>
			settled(unread.map(({ id }) => this.#chat.reading.readAll(id)))
		);
	}

	/** Puts the marks back where they were. */
	undo() {
		const moved = this.#moved;
		if (moved.length === 0) return;
		this.#moved = [];
		this.#moving = this.#moving.then(() =>
			this.attempt.run(async () => {
				try {
					await settled(
						moved.map(({ roomId, from, to }) => this.#chat.reading.moveTo(roomId, from, to))
					);
					this.#say({ count: moved.length, undone: true });
				} catch (failure) {
					this.#moved = moved;
					throw failure;
				}
			})
		);
	}

	/** It is not forgotten while somebody is about to undo it. */
	hold(held: boolean) {
		clearTimeout(this.#timer);
		if (!held && this.#told) this.#timer = setTimeout(() => this.dismiss(), UNDO_MS);
	}

	dismiss() {
		clearTimeout(this.#timer);
		this.#told = null;
		this.#moved = [];
	}

	#say(told: Told) {
		this.#told = told;
		this.hold(false);
	}
}

/** All are tried; the first that failed says why. */
async function settled(work: readonly Promise<unknown>[]) {
	const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected');
	if (failed) throw (failed as PromiseRejectedResult).reason;
}

export const [getMarking, setMarking] = createContext<Marking>();
