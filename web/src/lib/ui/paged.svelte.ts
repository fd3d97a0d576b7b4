/** One page, and where the next one begins; undefined: that was all. */
export interface PageOf<Item> {
	items: readonly Item[];
	next?: number;
}

/** A list that comes page by page. */
export class Paged<Item> {
	#items: readonly Item[] = $state.raw([]);
	#next: number | undefined = $state();
	#opened = $state(false);
	#loading = $state(false);
	#failure: unknown = $state.raw(null);
	#fetch: (from: number | undefined) => Promise<PageOf<Item>>;
	#asked = 0;

	constructor(fetch: (from: number | undefined) => Promise<PageOf<Item>>) {
		this.#fetch = fetch;
	}

	get items() {
		return this.#items;
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

	/** The first page, in place of what is held once it is here. */
	open(): Promise<void> {
		return this.#load(undefined);
	}

	async more(): Promise<void> {
		if (this.#next !== undefined && !this.#loading) await this.#load(this.#next);
	}

	/** One of them has another form, or, undefined, is gone. */
	replace(item: Item, by: Item | undefined) {
		this.#items = this.#items.flatMap((one) => (one !== item ? [one] : by === undefined ? [] : [by]));
	}

	async #load(from: number | undefined) {
		const asked = ++this.#asked;
		this.#loading = true;
		try {
			const page = await this.#fetch(from);
			if (asked !== this.#asked) return;
			this.#items = from === undefined ? page.items : [...this.#items, ...page.items];
			this.#next = page.next;
			this.#opened = true;
			this.#failure = null;
		} catch (failure) {
			if (asked === this.#asked) this.#failure = failure;
		} finally {
			if (asked === this.#asked) this.#loading = false;
		}
	}
}
