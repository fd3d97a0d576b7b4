import { SvelteMap } from 'svelte/reactivity';
import type { Message } from '$lib/protocol';

/** Messages of one room that replies answer and that may stand far away, each in its newest known form. */
export class Parents {
	#bySeq = new SvelteMap<number, Message>();
	#asked = new Set<number>();
	#fetch: (seq: number) => Promise<Message>;

	constructor(fetch: (seq: number) => Promise<Message>) {
		this.#fetch = fetch;
	}

	get(seq: number): Message | undefined {
		return this.#bySeq.get(seq);
	}

	/** What came with a page, whose replies answer them. */
	takeAll(parents: readonly Message[]) {
		for (const parent of parents) this.#put(parent);
	}

	/** A message has another form: it matters here when somebody answers it. */
	take(message: Message) {
		if (this.#bySeq.has(message.seq)) this.#put(message);
	}

	/** A reply is shown whose parent may not be known: it is fetched, once. */
	want(seq: number) {
		if (this.#bySeq.has(seq) || this.#asked.has(seq)) return;
		this.#asked.add(seq);
		this.#fetch(seq).then(
			(message) => this.#put(message),
			() => this.#asked.delete(seq)
		);
	}

	/** The room keeps nothing below this. */
	purge(firstSeq: number) {
		for (const seq of [...this.#bySeq.keys()]) if (seq < firstSeq) this.#bySeq.delete(seq);
	}

	clear() {
		this.#bySeq.clear();
		this.#asked.clear();
	}

	#put(message: Message) {
		const held = this.#bySeq.get(message.seq);
		if (!held || held.rev < message.rev) this.#bySeq.set(message.seq, message);
	}
}
