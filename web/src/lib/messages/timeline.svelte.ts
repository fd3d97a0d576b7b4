import { PAGE, type Cursor } from '$lib/http/rooms';
import type { Message, MessagePage } from '$lib/protocol';
import { dropBelow, join, overlay, replace } from './range';

export type Pages = (cursor: Cursor) => Promise<MessagePage>;

/** More than this is not kept in memory of a room that nobody looks at. */
const KEPT_AT_REST = 4 * PAGE;

/** One room's messages as last heard: next to each other, nothing twice, nothing missed in between. */
export class Timeline {
	// Replaced, not mutated: a deep proxy over a thousand messages buys nothing.
	#messages: readonly Message[] = $state.raw([]);
	#hasBefore = $state(false);
	#hasAfter = $state(false);
	#opened = $state(false);
	#loading: 'all' | 'before' | 'after' | null = $state(null);
	#failure: unknown = $state.raw(null);
	#pages: Pages;
	#roomStart: () => number;
	#laid: (page: MessagePage | null) => void;
	// What was heard while a page is on its way: the page may be older than that.
	#meanwhile: Message[] | null = null;
	#ahead: Message[] = [];
	#asked = 0;
	#missed = false;
	#view = $state(0);

	/**
	 * @param roomStart the first `seq` that the room keeps
	 * @param laid called with each page once it is among what is held, and with null when one did not come
	 */
	constructor(pages: Pages, roomStart: () => number, laid: (page: MessagePage | null) => void = () => {}) {
		this.#pages = pages;
		this.#roomStart = roomStart;
		this.#laid = laid;
	}

	get messages() {
		return this.#messages;
	}

	/** Whether a first page has come. */
	get opened() {
		return this.#opened;
	}

	/** Whether there are older messages to load. */
	get hasBefore() {
		return this.#hasBefore;
	}

	/** Whether there are newer messages than these: the room's end is elsewhere. */
	get hasAfter() {
		return this.#hasAfter;
	}

	/** Another number whenever what is held was replaced as a whole. */
	get view() {
		return this.#view;
	}

	get loading() {
		return this.#loading;
	}

	/** Why the last page did not come; null when it did. */
	get failure() {
		return this.#failure;
	}

	get firstSeq() {
		return this.#messages[0]?.seq ?? 0;
	}

	/** The last message held, or the place before the first that there can be. */
	get lastSeq() {
		return this.#messages.at(-1)?.seq ?? this.#roomStart() - 1;
	}

	holds(seq: number) {
		return this.#messages.length > 0 && seq >= this.firstSeq && seq <= this.lastSeq;
	}

	at(seq: number): Message | undefined {
		return this.#messages[seq - this.firstSeq];
	}

	/** What was kept on this device: it stands at the room's end, as that was then. */
	restore(messages: readonly Message[], hasBefore: boolean) {
		this.#messages = messages;
		this.#hasBefore = hasBefore;
		this.#opened = true;
		this.#view++;
	}

	/** The newest messages, when the room's end is among what is held. */
	newest(most: number): { messages: readonly Message[]; hasBefore: boolean } | undefined {
		if (!this.#opened || this.#missed || this.#hasAfter || this.#ahead.length > 0) return undefined;
		return {
			messages: this.#messages.slice(-most),
			hasBefore: this.#hasBefore || this.#messages.length > most
		};
	}

	/** What is held has missed something that will not be heard: it is shown until it is opened anew, and not kept. */
	miss() {
		this.#missed = true;
	}

	/** As {@link at}, but undefined for what is not held. */
	find(seq: number): Message | undefined {
		return this.holds(seq) ? this.at(seq) : undefined;
	}

	/** A message was said or has changed. */
	take(message: Message) {
		this.#meanwhile?.push(message);
		if (!this.#opened) return;
		if (message.seq <= this.lastSeq) this.#messages = replace(this.#messages, message);
		else if (message.seq === this.lastSeq + 1 && !this.#hasAfter)
			this.#lay(this.#messages, [...this.#ahead, message]);
		// In a range of changes, an older message that was edited stands behind a newer one, which waits for it.
		else if (!this.#hasAfter) this.#ahead.push(message);
	}

	/** The room keeps nothing below this. */
	purge(firstSeq: number) {
		if (firstSeq < this.firstSeq) return;
		this.#ahead = this.#ahead.filter(({ seq }) => seq >= firstSeq);
		this.#hasBefore = false;
		// What waited for a neighbour that is no more may be the first one now.
		this.#lay(dropBelow(this.#messages, firstSeq), this.#ahead);
	}

	/**
	 * Loads the newest page, or another, in place of what is held; that stays until it is here.
	 * @param where a message's `seq`, or a time
	 */
	async open(where?: number | Date): Promise<MessagePage | null> {
		const asked = ++this.#asked;
		return this.#load('all', cursorTo(where), (page, newer) => {
			if (asked !== this.#asked) return;
			this.#view++;
			this.#missed = false;
			this.#hasBefore = page.hasBefore;
			this.#hasAfter = page.hasAfter;
			this.#lay(page.messages, newer);
			this.#opened = true;
		});
	}

	async loadBefore(): Promise<void> {
		if (this.#loading || !this.#hasBefore) return;
		const asked = this.#asked;
		await this.#load('before', { before: this.firstSeq }, (page, newer) => {
			const joined = asked === this.#asked ? join(this.#messages, page.messages) : null;
			if (!joined) return;
			this.#hasBefore = page.hasBefore;
			this.#lay(joined, [...newer, ...this.#ahead]);
		});
	}

	async loadAfter(): Promise<void> {
		if (this.#loading || !this.#hasAfter) return;
		const asked = this.#asked;
		await this.#load('after', { after: this.lastSeq }, (page, newer) => {
			const joined = asked === this.#asked ? join(this.#messages, page.messages) : null;
			if (!joined) return;
			this.#hasAfter = page.hasAfter;
			this.#lay(joined, newer);
		});
	}

	/** Nobody looks at it any more: a long way back is let go, unless the newest end is not among what is held. */
	rest() {
		if (this.#hasAfter || this.#loading || this.#messages.length <= KEPT_AT_REST) return;
		this.#messages = this.#messages.slice(-KEPT_AT_REST);
		this.#hasBefore = true;
	}

	// A page that was read before messages were removed may come after that was heard.
	#present(page: MessagePage): MessagePage {
		const kept = dropBelow(page.messages, this.#roomStart()) as Message[];
		return {
			...page,
			messages: kept,
			hasBefore: page.hasBefore && (kept[0]?.seq ?? 0) > this.#roomStart()
		};
	}

	#lay(messages: readonly Message[], newer: readonly Message[]) {
		const end = messages.at(-1)?.seq ?? this.#roomStart() - 1;
		// What lies above a page that is not the room's end comes with the pages in between.
		const laid = overlay(messages, this.#hasAfter ? newer.filter(({ seq }) => seq <= end) : newer, end);
		this.#messages = laid.messages;
		this.#ahead = laid.ahead;
		// All that was looked at is gone, and what is left of the room, if anything, does not follow on it.
		if (this.#hasAfter && laid.messages.length === 0) void this.open();
	}

	async #load(
		what: 'all' | 'before' | 'after',
		cursor: Cursor,
		put: (page: MessagePage, newer: Message[]) => void
	) {
		const meanwhile: Message[] = [];
		this.#meanwhile = meanwhile;
		this.#loading = what;
		let page: MessagePage | null = null;
		try {
			page = this.#present(await this.#pages(cursor));
			const { complete } = page;
			put(
				page,
				meanwhile.filter((message) => message.rev > complete)
			);
			this.#failure = null;
			this.#laid(page);
			return page;
		} catch (failure) {
			this.#failure = failure;
			return null;
		} finally {
			if (this.#meanwhile === meanwhile) {
				this.#meanwhile = null;
				this.#loading = null;
			}
			if (!page) this.#laid(null);
		}
	}
}

function cursorTo(where: number | Date | undefined): Cursor {
	if (where instanceof Date) return { at: where.toISOString() };
	return where === undefined ? undefined : { around: where };
}
