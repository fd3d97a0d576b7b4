import { SvelteMap } from 'svelte/reactivity';
import type { Chat } from '$lib/chat/chat.svelte';
import { wordsOf } from '$lib/markdown/words';
import { pathTo } from '$lib/messages/link';
import { m } from '$lib/i18n/messages';
import type { Message } from '$lib/protocol';
import { nameOf } from '$lib/rooms/names';
import type { JoinedRoom } from '$lib/rooms/room.svelte';
import { means } from '$lib/rooms/unread.svelte';
import { Desktop } from './desktop.svelte';
import { show } from './show';
import { chime } from './sound';
import { Windows } from './windows';

/** A burst of messages is one sound. */
const QUIET_MS = 2_000;

interface Shown {
	seq: number;
	close: () => void;
}

/** Tells the person of messages that come while they look elsewhere. */
export class Notices {
	readonly desktop = new Desktop();
	#chat: Chat;
	#windows: Windows;
	#open: (path: string) => void;
	#shown = new SvelteMap<number, Shown>();
	#soundedAt = -Infinity;

	/** @param open goes to an address of this app */
	constructor(chat: Chat, open: (path: string) => void) {
		this.#chat = chat;
		this.#windows = new Windows(chat.me.id);
		this.#open = open;
	}

	/** A message came that had not been there before. */
	heard(room: JoinedRoom, message: Message) {
		if (message.kind !== 'text' || message.deletedAt || message.authorId === this.#chat.me.id) return;
		const mine = room.row.kind === 'direct' || means(message, this.#chat.me.id);
		if (room.level !== 'everything' && !(room.level === 'mentions' && mine)) return;
		if (mine) this.desktop.needed();
		this.#windows.once(`${room.id}:${message.seq}`, () => this.#tell(room, message, mine));
	}

	/** @param hearing whether this window is connected: another one tells what it cannot hear */
	listen(hearing: boolean) {
		if (hearing) this.#windows.listen();
		else this.#windows.pause();
	}

	/** Which room is before the person's eyes in this window. */
	look(roomId: number | null) {
		this.#windows.look(roomId);
	}

	/** Takes back what has been read or deleted since, here or elsewhere. */
	settle() {
		for (const [roomId, { seq, close }] of this.#shown) {
			const unread = this.#chat.rooms.get(roomId)?.unread;
			if (unread && unread.mark < seq && (unread.count > 0 || unread.lastSeq < seq)) continue;
			this.#shown.delete(roomId);
			close();
		}
	}

	/** Shows and plays what a message would. */
	test() {
		if (this.desktop.sound !== 'off') void chime();
		if (this.desktop.on)
			show({
				title: m.notify_test_title(),
				body: m.notify_test_body(),
				tag: 'olha-test',
				tile: `person:${this.#chat.me.id}`,
				tint: this.#chat.me.color,
				clicked: () => {},
				closed: () => {}
			});
	}

	/** The page goes away, perhaps to come back: nobody looks at it, and nobody would hear a click. */
	leave() {
		this.#windows.look(null);
		for (const { close } of this.#shown.values()) close();
		this.#shown.clear();
	}

	close() {
		this.leave();
		this.#windows.close();
	}

	#tell(room: JoinedRoom, message: Message, mine: boolean) {
		if (this.#windows.isLookedAt(room.id) || room.unread.mark >= message.seq) return;
		const sounds = this.desktop.sound === 'all' || (this.desktop.sound === 'mine' && mine);
		if (this.desktop.on) this.#show(room, message);
		if (!sounds || Date.now() - this.#soundedAt < QUIET_MS) return;
		this.#soundedAt = Date.now();
		void chime();
	}

	#show(room: JoinedRoom, message: Message) {
		const { people, me } = this.#chat;
		const author = people.get(message.authorId);
		const name = people.nameOf(message.authorId);
		const pair = room.row.kind === 'direct' && room.row.peopleIds?.length === 2;
		const close = show({
			title: pair ? name : m.notify_title({ author: name, room: nameOf(room.row, people, me.id) }),
			body: wordsOf(message.body ?? ''),
			tag: `olha-room-${room.id}`,
			tile: pair ? `person:${message.authorId}` : `room:${room.id}`,
			tint: pair ? author?.color : undefined,
			clicked: () => this.#open(pathTo(room.id, message.seq)),
			closed: () => {
				// A newer one of the same room has taken its place.
				if (this.#shown.get(room.id)?.seq === message.seq) this.#shown.delete(room.id);
			}
		});
		if (close) this.#shown.set(room.id, { seq: message.seq, close });
	}
}
