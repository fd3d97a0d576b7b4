import { SvelteMap } from 'svelte/reactivity';
import type { Chat } from '$lib/chat/chat.svelte';
import { list } from '$lib/i18n/dates';
import { wordsOf } from '$lib/markdown/words';
import { pathTo } from '$lib/messages/link';
import { m } from '$lib/i18n/messages';
import type { Message } from '$lib/protocol';
import { nameOf } from '$lib/rooms/names';
import type { JoinedRoom } from '$lib/rooms/room.svelte';
import { means } from '$lib/rooms/unread.svelte';
import { Desktop } from './desktop.svelte';
import { missedSince, type HeardUpTo, type Missed } from './missed';
import { show, type Notice } from './show';
import { chime } from './sound';
import { Windows } from './windows';

/** A burst of messages is one sound. */
const QUIET_MS = 2_000;

/** More missed messages than these are summed up. */
const MOST_MISSED = 3;

/** Rooms that a sum names. */
const MOST_NAMED = 3;

interface Shown {
	/** By room, the message from which on it has been read. */
	seqs: ReadonlyMap<number, number>;
	close: () => void;
}

/** Tells the person of messages that come while they look elsewhere. */
export class Notices {
	readonly desktop = new Desktop();
	#chat: Chat;
	#windows: Windows;
	#open: (path: string) => void;
	/** By tag. */
	#shown = new SvelteMap<string, Shown>();
	/** From where on it is still to be told what was missed. */
	#untold: HeardUpTo | null = null;
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

	/** There is a connection again: what was said to the person meanwhile is told, or summed up. */
	async missed(heardUpTo: HeardUpTo) {
		const from = (this.#untold ??= heardUpTo);
		const missed = await missedSince(this.#chat, from, MOST_MISSED).catch(() => null);
		// Gone again: the next connection asks for both times.
		if (!missed || this.#untold !== from) return;
		this.#untold = null;
		const { messages, rooms } = missed;
		if (messages && messages.length <= MOST_MISSED) {
			for (const message of messages) {
				const room = rooms.find(({ id }) => id === message.roomId);
				if (room) this.heard(room, message);
			}
			return;
		}
		this.desktop.needed();
		const places = rooms.map(({ id, unread }) => `${id}:${unread.lastSeq}`).sort();
		this.#windows.once(`missed ${places.join(' ')}`, () => this.#sumUp(missed));
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
		for (const [tag, { seqs, close }] of this.#shown) {
			if ([...seqs].some(([roomId, seq]) => this.#waits(roomId, seq))) continue;
			this.#shown.delete(tag);
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
		if (this.desktop.on) this.#show(room, message);
		this.#sound(mine);
	}

	#sumUp({ count, rooms }: Missed) {
		const waiting = rooms.filter(({ id, unread }) => unread.count > 0 && !this.#windows.isLookedAt(id));
		if (waiting.length === 0) return;
		const { people, me } = this.#chat;
		const names = waiting.slice(0, MOST_NAMED).map(({ row }) => nameOf(row, people, me.id));
		const more = waiting.length - names.length;
		if (this.desktop.on)
			this.#put(new Map(waiting.map(({ id, unread }) => [id, unread.lastSeq])), {
				title: m.notify_missed({ count }),
				body: list(more > 0 ? [...names, m.and_more({ count: more })] : names),
				tag: 'olha-missed',
				tile: `person:${me.id}`,
				tint: me.color,
				clicked: () => this.#open('/inbox?list=unread')
			});
		this.#sound(true);
	}

	#waits(roomId: number, seq: number): boolean {
		const unread = this.#chat.rooms.get(roomId)?.unread;
		return unread !== undefined && unread.mark < seq && (unread.count > 0 || unread.lastSeq < seq);
	}

	#sound(mine: boolean) {
		const sounds = this.desktop.sound === 'all' || (this.desktop.sound === 'mine' && mine);
		if (!sounds || Date.now() - this.#soundedAt < QUIET_MS) return;
		this.#soundedAt = Date.now();
		void chime();
	}

	#show(room: JoinedRoom, message: Message) {
		const { people, me } = this.#chat;
		const author = people.get(message.authorId);
		const name = people.nameOf(message.authorId);
		const pair = room.row.kind === 'direct' && room.row.peopleIds?.length === 2;
		this.#put(new Map([[room.id, message.seq]]), {
			title: pair ? name : m.notify_title({ author: name, room: nameOf(room.row, people, me.id) }),
			body: wordsOf(message.body ?? ''),
			tag: `olha-room-${room.id}`,
			tile: pair ? `person:${message.authorId}` : `room:${room.id}`,
			tint: pair ? author?.color : undefined,
			clicked: () => this.#open(pathTo(room.id, message.seq))
		});
	}

	#put(seqs: Shown['seqs'], notice: Omit<Notice, 'closed'>) {
		const close = show({
			...notice,
			closed: () => {
				// Otherwise a newer one has taken its place.
				if (this.#shown.get(notice.tag)?.seqs === seqs) this.#shown.delete(notice.tag);
			}
		});
		if (close) this.#shown.set(notice.tag, { seqs, close });
	}
}
