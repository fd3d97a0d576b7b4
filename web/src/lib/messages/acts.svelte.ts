import { createContext, tick } from 'svelte';
import type { Chat } from '$lib/chat/chat.svelte';
import type { Dialogs } from '$lib/chat/dialogs.svelte';
import * as http from '$lib/http/messages';
import type { Message } from '$lib/protocol';
import { mayReport, standingIn } from '$lib/rooms/standing';
import { Attempt } from '$lib/ui/attempt.svelte';
import { copy } from '$lib/ui/clipboard';
import type { Composing } from './composing.svelte';
import { linkTo } from './link';

/** A message, and what on the screen its menu belongs to. */
export interface Target {
	message: Message;
	anchor: Element | { getBoundingClientRect: () => DOMRect };
}

/** What one can do with the messages of a room. */
export class Acts {
	readonly attempt = new Attempt();
	#chat: Chat;
	#dialogs: Dialogs;
	#composing: Composing | undefined;
	#putBack: (seq: number) => void;
	/** Whose menu is open. */
	menu: Target | null = $state.raw(null);
	/** For which message an emoji is being picked. */
	picking: Target | null = $state.raw(null);
	/** What had the focus before. */
	#pickedFrom: HTMLElement | null = null;

	/**
	 * @param composing where one writes; undefined in a room that is only read
	 * @param putBack shows that from this message on everything is new again
	 */
	constructor(
		chat: Chat,
		dialogs: Dialogs,
		composing: Composing | undefined,
		putBack: (seq: number) => void
	) {
		this.#chat = chat;
		this.#dialogs = dialogs;
		this.#composing = composing;
		this.#putBack = putBack;
	}

	/** As src/Olha.Server/Rooms/Standing.cs decides it. */
	mayChange(message: Message) {
		const room = this.#chat.rooms.get(message.roomId);
		return (
			room !== undefined &&
			standingIn(room, this.#chat.me).post &&
			message.kind === 'text' &&
			!message.deletedAt
		);
	}

	mayEdit(message: Message) {
		return this.mayChange(message) && message.authorId === this.#chat.me.id;
	}

	mayDelete(message: Message) {
		const room = this.#chat.rooms.get(message.roomId);
		return (
			this.mayChange(message) &&
			(message.authorId === this.#chat.me.id || standingIn(room!, this.#chat.me).manage)
		);
	}

	mayReport(message: Message) {
		return mayReport(message, this.#chat.me);
	}

	isSaved({ roomId, seq }: Message) {
		return this.#chat.saved.has(roomId, seq);
	}

	openMenu(message: Message, anchor: Target['anchor']) {
		this.menu = { message, anchor };
	}

	pick(message: Message, anchor: Target['anchor']) {
		this.#pickedFrom = document.activeElement as HTMLElement | null;
		this.picking = { message, anchor };
	}

	/** @param more whether the picker stays open for another one */
	picked(emoji: string, more: boolean) {
		const target = this.picking?.message;
		if (!more) this.stopPicking();
		if (!target) return;
		// It may have got reactions since the picker opened.
		const now = this.#chat.rooms.get(target.roomId)?.timeline?.find(target.seq);
		this.toggle(now ?? target, emoji);
	}

	stopPicking() {
		this.picking = null;
		// Until it is gone the picker keeps the focus to itself.
		void tick().then(() => this.#pickedFrom?.focus({ preventScroll: true }));
	}

	react({ roomId, seq }: Message, emoji: string, present: boolean) {
		void this.attempt.run(() => http.react(roomId, seq, emoji, present));
	}

	/** Puts one's emoji under the message, or takes it away. */
	toggle(message: Message, emoji: string) {
		const mine = message.reactions
			?.find((reaction) => reaction.emoji === emoji)
			?.userIds.includes(this.#chat.me.id);
		this.react(message, emoji, !mine);
	}

	reply(message: Message) {
		this.#composing?.reply(message);
	}

	edit(message: Message) {
		this.#composing?.edit(message);
	}

	pin({ roomId, seq, pinnedAt }: Message) {
		void this.attempt.run(() => http.pin(roomId, seq, pinnedAt === undefined));
	}

	save(message: Message) {
		const { roomId, seq } = message;
		void this.attempt.run(() => http.save(roomId, seq, !this.isSaved(message)));
	}

	putBack({ roomId, seq }: Message) {
		this.#putBack(seq);
		void this.attempt.run(() => this.#chat.reading.putBack(roomId, seq));
	}

	copyText({ body }: Message) {
		void this.attempt.run(() => copy(body ?? ''));
	}

	copyLink({ roomId, seq }: Message) {
		void this.attempt.run(() => copy(linkTo(roomId, seq)));
	}

	forward({ roomId, seq }: Message) {
		this.#dialogs.open('forward', roomId, seq);
	}

	history({ roomId, seq }: Message) {
		this.#dialogs.open('history', roomId, seq);
	}

	/** Whether the server tells who has seen a message. */
	get tellsWhoSaw() {
		return this.#chat.settings?.receipts ?? false;
	}

	seen({ roomId, seq }: Message) {
		this.#dialogs.open('seen', roomId, seq);
	}

	report({ roomId, seq }: Message) {
		this.#dialogs.open('report', roomId, seq);
	}

	delete({ roomId, seq }: Message) {
		this.#dialogs.open('deleteMessage', roomId, seq);
	}
}

export const [getActs, setActs] = createContext<Acts>();
