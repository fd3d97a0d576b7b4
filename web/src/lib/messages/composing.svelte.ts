import { getContext, setContext } from 'svelte';
import * as http from '$lib/http/messages';
import type { Chat } from '$lib/chat/chat.svelte';
import type { Message } from '$lib/protocol';
import { tidy } from './text';

/** What is written below one room: a new message, an answer, or other words for an own message. */
export class Composing {
	readonly roomId: number;
	#chat: Chat;
	#editing: Message | null = $state.raw(null);
	#edited = $state('');
	/** Called when the box is wanted. */
	focus: () => void = () => {};

	constructor(chat: Chat, roomId: number) {
		this.#chat = chat;
		this.roomId = roomId;
	}

	/** The own message that is put into other words; null: none. */
	get editing() {
		return this.#editing;
	}

	get replyToSeq() {
		return this.#editing ? undefined : this.#chat.drafts.in(this.roomId).replyToSeq;
	}

	get text() {
		return this.#editing ? this.#edited : this.#chat.drafts.in(this.roomId).body;
	}

	set text(body: string) {
		if (this.#editing) this.#edited = body;
		else this.#chat.drafts.write(this.roomId, { ...this.#chat.drafts.in(this.roomId), body });
	}

	reply(message: Message) {
		this.#editing = null;
		const { body } = this.#chat.drafts.in(this.roomId);
		this.#chat.drafts.write(this.roomId, { body, replyToSeq: message.seq });
		this.focus();
	}

	edit(message: Message) {
		this.#editing = message;
		this.#edited = message.body ?? '';
		this.focus();
	}

	/** The last own message that can be edited, of those at hand. */
	editLast() {
		const mine = this.#chat.rooms
			.get(this.roomId)
			?.timeline?.messages.findLast(
				({ authorId, kind, deletedAt }) =>
					authorId === this.#chat.me.id && kind === 'text' && !deletedAt
			);
		if (mine) this.edit(mine);
		return mine !== undefined;
	}

	/** Lets go what is being edited or answered; @returns whether there was any. */
	cancel(): boolean {
		if (this.#editing) {
			this.#editing = null;
			return true;
		}
		const { body, replyToSeq } = this.#chat.drafts.in(this.roomId);
		if (replyToSeq === undefined) return false;
		this.#chat.drafts.write(this.roomId, { body });
		return true;
	}

	/** Sends a new message. The draft goes once the message is safe on this device. */
	async post(): Promise<void> {
		const { body, replyToSeq } = this.#chat.drafts.in(this.roomId);
		const safe = this.#chat.outbox.post(this.roomId, tidy(body), replyToSeq);
		this.#chat.drafts.sent(this.roomId);
		this.#chat.typing.sent(this.roomId);
		await safe;
	}

	/** Stores the other words; throws what the server said when it does not take them, and they stay in the box. */
	async store(): Promise<void> {
		const editing = this.#editing;
		if (!editing) return;
		const body = tidy(this.#edited);
		if (body !== editing.body) await http.edit(this.roomId, editing.seq, body);
		if (this.#editing === editing) this.#editing = null;
	}
}

const key = Symbol('composing');
export const setComposing = (composing: Composing) => setContext(key, composing);
/** Undefined where there is no composer: messages are only read there. */
export const getComposing = () => getContext<Composing | undefined>(key);
