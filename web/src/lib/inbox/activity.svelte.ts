import { SvelteMap } from 'svelte/reactivity';
import * as http from '$lib/http/messages';
import type { JoinedRoom } from '$lib/rooms/room.svelte';

/** More are not asked for: nobody reads on in so many rooms. */
const MOST_ASKED = 100;

interface Last {
	seq: number;
	/** ms since 1970 */
	at: number;
}

/** When something was last said in rooms, for those that do not hold their messages. */
export class Activity {
	#last = new SvelteMap<number, Last>();
	#asked = new Set<number>();
	#known = $state(false);

	/** Whether the order of the rooms is right. */
	get known() {
		return this.#known;
	}

	/** ms since 1970; 0 while it is not known */
	in(room: JoinedRoom): number {
		return this.#last.get(room.id)?.at ?? 0;
	}

	/** These rooms are looked at: what was said in them since they were last is asked for. */
	async open(rooms: readonly JoinedRoom[]): Promise<void> {
		const old = rooms.filter(({ id, unread }) => this.#last.get(id)?.seq !== unread.lastSeq);
		await Promise.all(old.slice(0, MOST_ASKED).map((room) => this.#ask(room)));
		this.#known = true;
	}

	/** They are still looked at: what has come since came just now. */
	hear(rooms: readonly JoinedRoom[], now = Date.now()) {
		if (!this.#known) return;
		for (const { id, unread } of rooms) {
			if (this.#asked.has(id) || this.#last.get(id)?.seq === unread.lastSeq) continue;
			this.#last.set(id, { seq: unread.lastSeq, at: now });
		}
	}

	async #ask({ id, row, unread }: JoinedRoom) {
		const seq = unread.lastSeq;
		this.#asked.add(id);
		try {
			this.#last.set(id, { seq, at: Date.parse((await http.one(id, seq)).createdAt) });
		} catch {
			this.#last.set(id, { seq, at: Date.parse(row.createdAt) });
		}
		this.#asked.delete(id);
	}
}
