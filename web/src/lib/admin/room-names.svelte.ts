import { SvelteMap } from 'svelte/reactivity';
import type { Chat } from '$lib/chat/chat.svelte';
import * as http from '$lib/http/admin';

/** Where there are more rooms than on so many pages, the others have no name here. */
const MOST_PAGES = 10;

/** What rooms are called, also those that one is not in. */
export class RoomNames {
	#chat: Chat;
	#others = new SvelteMap<number, string>();

	constructor(chat: Chat) {
		this.#chat = chat;
		// Without them a room is one without a name.
		this.#load().catch(() => {});
	}

	find(roomId: number): string | undefined {
		return this.#chat.rooms.get(roomId)?.row.name ?? this.#others.get(roomId);
	}

	async #load() {
		let after: number | undefined;
		for (let pages = 0; pages < MOST_PAGES; pages++) {
			const { rooms, next } = await http.rooms('', after);
			for (const { room } of rooms) this.#others.set(room.id, room.name ?? '');
			if (next === undefined) return;
			after = next;
		}
	}
}
