import type { FoundMessages, Message } from '$lib/protocol';

/** Messages of several rooms, page by page, as far as they were asked for. */
export class Found {
	#messages: readonly Message[] = $state.raw([]);
	#next: number | undefined = $state();
	#opened = $state(false);
	#loading = $state(false);
	#failure: unknown = $state.raw(null);
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
			const end = (whole ? held.at(-1) : held[0])?.id;
			const fresh: Message[] = [];
			let next: number | undefined;
			do {
				const page = await this.#ask(next);
				fresh.push(...page.messages);
				next = page.next;
			} while (next !== undefined && end !== undefined && next > end);
			this.#came(fresh);
			const below = next === undefined ? [] : held.filter(({ id }) => id < next!);
			this.#messages = [...fresh, ...below];
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
