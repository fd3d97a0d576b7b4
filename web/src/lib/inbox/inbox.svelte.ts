import { createContext } from 'svelte';
import type { Chat } from '$lib/chat/chat.svelte';
import * as http from '$lib/http/messages';
import type { Message } from '$lib/protocol';
import { nameOf } from '$lib/rooms/names';
import type { JoinedRoom } from '$lib/rooms/room.svelte';
import { means } from '$lib/rooms/unread.svelte';
import { language } from '$lib/i18n/language.svelte';
import { Attempt } from '$lib/ui/attempt.svelte';
import { Activity } from './activity.svelte';
import { Found } from './found.svelte';
import { isOwed } from './owed';

export const LISTS = ['unread', 'mentions', 'replies', 'saved'] as const;
export type ListName = (typeof LISTS)[number];

export const isListName = (name: string | null): name is ListName => LISTS.some((list) => list === name);

/** Where in a list somebody was. */
export interface Position {
	/** The item that had the focus; null: none. */
	key: string | null;
	top: number;
}

/** What waits for the person, and what they keep. It is held while they are elsewhere, and so is where they were. */
export class Inbox {
	readonly found: Readonly<Record<Exclude<ListName, 'unread'>, Found>>;
	readonly activity = new Activity();
	readonly attempt = new Attempt();
	readonly positions = new Map<ListName, Position>();
	/** The list that was looked at last. */
	list: ListName = $state('unread');
	#chat: Chat;

	constructor(chat: Chat) {
		this.#chat = chat;
		const found = (ask: (before?: number) => Promise<{ messages: readonly Message[]; next?: number }>) =>
			new Found(ask, (messages) => this.#hold(messages));
		this.found = {
			mentions: found(http.mentions),
			replies: found(http.replies),
			saved: found(http.saved)
		};
	}

	/** Rooms with something to read: those with mentions first, the latest first. */
	get unread(): JoinedRoom[] {
		const { people, me } = this.#chat;
		return this.#chat.rooms
			.all()
			.filter(isOwed)
			.map((room) => ({ room, at: this.activity.in(room), name: nameOf(room.row, people, me.id) }))
			.sort(
				(a, b) =>
					Number(b.room.unread.mentions > 0) - Number(a.room.unread.mentions > 0) ||
					b.at - a.at ||
					a.name.localeCompare(b.name, language.locale)
			)
			.map(({ room }) => room);
	}

	/** A list's messages as they are now, without those that are gone. */
	messagesOf(list: Exclude<ListName, 'unread'>): Message[] {
		return this.found[list].messages
			.map((message) => this.#now(message))
			.filter(
				({ roomId, seq, deletedAt }) =>
					!deletedAt &&
					this.#chat.rooms.get(roomId) !== undefined &&
					(list !== 'saved' || this.#chat.saved.has(roomId, seq))
			);
	}

	/** Whether the message has not been read yet. */
	isNew({ roomId, seq }: Message): boolean {
		const room = this.#chat.rooms.get(roomId);
		return room !== undefined && seq > room.unread.mark;
	}

	/** A message was said or has changed: whom it means now decides where it is listed. */
	hear(message: Message) {
		const { id } = this.#chat.me;
		const mine = means(message, id);
		this.found.mentions.hear(message, mine);
		this.found.replies.hear(message, mine && message.replyTo?.authorId === id);
	}

	letGo({ roomId, seq }: Message) {
		void this.attempt.run(async () => this.#chat.saved.take(await http.save(roomId, seq, false)));
	}

	// Where the room keeps them up to date: an edit or a deletion is heard there.
	#hold(messages: readonly Message[]) {
		for (const message of messages) this.#chat.rooms.get(message.roomId)?.parents.takeAll([message]);
	}

	#now(message: Message): Message {
		const heard = this.#chat.rooms.get(message.roomId)?.parent(message.seq);
		return heard && heard.rev > message.rev ? heard : message;
	}
}

export const [getInbox, setInbox] = createContext<Inbox>();
