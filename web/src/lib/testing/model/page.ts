import { Chat } from '$lib/chat/chat.svelte';
import { Inbox } from '$lib/inbox/inbox.svelte';
import { Composing } from '$lib/messages/composing.svelte';
import { rowsOf } from '$lib/messages/rows';
import type { Person } from '$lib/protocol';
import type { Tab } from './browser';
import { FakeSocket, type Wire } from './wire';

/** What the components do with a chat on one page, without their drawing: those need a browser. */
export class Page {
	readonly tab: Tab;
	readonly chat: Chat;
	readonly inbox: Inbox;
	readonly #composings = new Map<number, Composing>();

	constructor(tab: Tab, me: Person, wire: Wire) {
		this.tab = tab;
		this.chat = tab.run(
			() =>
				new Chat(me, {
					dial: () => new FakeSocket(tab, wire) as unknown as WebSocket,
					stopped: (why) => {
						throw new Error(`The connection stopped for good: ${why}`);
					},
					heard: () => {},
					changed: (message) => this.inbox.hear(message),
					missed: () => {}
				})
		)!;
		this.inbox = new Inbox(this.chat);
		tab.run(() => void this.chat.start());
		this.chat.view.attentive = true;
	}

	look(roomId: number) {
		const { view } = this.chat;
		if (view.roomId !== null) this.chat.rooms.get(view.roomId)?.rest();
		view.look(roomId);
		view.scrolled(undefined);
		this.chat.reading.opened(roomId);
	}

	composing(roomId: number): Composing {
		const known = this.#composings.get(roomId) ?? new Composing(this.chat, roomId);
		this.#composings.set(roomId, known);
		return known;
	}

	/** As the effect of MessageLog.svelte: messages are wanted on opening the room, after they were let go, and once there is a connection. */
	attend(again = false) {
		const { roomId } = this.chat.view;
		const room = roomId === null ? undefined : this.chat.rooms.get(roomId);
		if (!room) return;
		const connected = this.chat.connection.status === 'open';
		const { timeline } = room;
		if (timeline && !(connected && !timeline.opened)) return;
		if (timeline?.loading || (timeline?.failure && !again)) return;
		void room.look().open();
	}

	/** The rows of a room's log, as it draws them; undefined while it has none. */
	rows(roomId: number) {
		const room = this.chat.rooms.get(roomId);
		const timeline = room?.timeline;
		if (!timeline?.opened) return undefined;
		const unsent = timeline.hasAfter ? [] : this.chat.outbox.in(roomId);
		return rowsOf(timeline.messages, unsent, null, this.chat.me.id);
	}
}
