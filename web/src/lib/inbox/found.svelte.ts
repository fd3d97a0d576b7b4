import type { FoundMessages, Message } from '$lib/protocol';

/** Messages of several rooms, page by page, as far as they were asked for. */
export class Found {
	#messages: readonly Message[] = $state.raw([]);
	#next: number | undefined = $state();
	#opened = $state(false);
	#loading = $state(false);
	#failure: unknown = $state.raw(null);
	/** The newest that was asked for: what was heard above it may have holes. */
	#top: number | undefined;
	#work: Promise<void> = Promise.resolve();
	#ask: (before?: number) => Promise<FoundMessages>;
	#came: (messages: readonly Message[]) => void;

	/**
	 * @param ask for the page below an id, or for the first one
	 * @param came told of all that comes, before it is shown
	 */
	constructor(
		ask: (before?: number) => Promise<FoundMessages>,
		came: (messages: readonly Message[]) => void
	) {
		this.#ask = ask;
		this.#came = came;
	}

	/** As they were when they came. */
	get messages() {
		return this.#messages;
	}

	/** Whether a first page has come. */
	get opened() {
		return this.#opened;
	}

	get hasMore() {
		return this.#next !== undefined;
	}

	get loading() {
		return this.#loading;
	}

	/** Why the last page did not come; null when it did. */
	get failure() {
		return this.#failure;
	}

	/**
	 * Asks again, from the newest on.
	 * @param whole as far down as is held; otherwise until what is held follows
	 */
	refresh(whole: boolean): Promise<void> {
		return this.#one(async () => {
			const held = this.#messages;
			const end = whole ? held.at(-1)?.id : this.#top;
			const fresh: Message[] = [];
			let next: number | undefined;
			do {
				const page = await this.#ask(next);
				fresh.push(...page.messages);
				next = page.next;
			} while (next !== undefined && end !== undefined && next > end);
			this.#came(fresh);
			// Without an end that was reached there may be a hole above what was only heard.
			const below = next === undefined || end === undefined ? [] : held.filter(({ id }) => id < next!);
			this.#messages = [...fresh, ...below];
			this.#top = fresh[0]?.id;
			// What is held further down has been asked for down to its own end.
			if (below.length === 0) this.#next = next;
			this.#opened = true;
		});
	}

	/** Asks for the page below. */
	more(): Promise<void> {
		return this.#one(async () => {
			if (this.#next === undefined) return;
			const page = await this.#ask(this.#next);
			this.#came(page.messages);
			this.#messages = [...this.#messages, ...page.messages];
			this.#next = page.next;
		});
	}

	/**
	 * A message was said or has changed: it comes into the list, stays in it in its new form, or leaves it.
	 * @param belongs whether it is one of these messages
	 */
	hear(message: Message, belongs: boolean) {
		// Behind the page that is on its way, which may be older.
		this.#work = this.#work.then(() => {
			const held = this.#messages.find(({ id }) => id === message.id);
			if (!this.#opened || (held && held.rev >= message.rev)) return;
			// Further down it comes with its page.
			if (!held && (!belongs || message.id < (this.#next ?? 0))) return;
			const others = this.#messages.filter(({ id }) => id !== message.id);
			const place = others.findIndex(({ id }) => id < message.id);
			if (belongs) others.splice(place < 0 ? others.length : place, 0, message);
			this.#messages = others;
		});
	}

	// One after the other: a page is put below what stands.
	#one(work: () => Promise<void>): Promise<void> {
		return (this.#work = this.#work.then(async () => {
			this.#loading = true;
			try {
				await work();
				this.#failure = null;
			} catch (failure) {
				this.#failure = failure;
			}
			this.#loading = false;
		}));
	}
}
