/** A range of changes: everything up to `complete` is in; above it, up to `head`, there is more to ask for. */
export interface Range<C> {
	changes: readonly C[];
	complete: number;
	head: number;
}

export interface StreamEnds<C> {
	/** Asks for what came after a revision. */
	after: (rev: number) => Promise<Range<C>>;
	/** Takes one change; called in the order of their revisions. */
	apply: (change: C) => void;
	/** After how many ms asking again can help after this failure; null: not at all. */
	retryAfter: (failure: unknown) => number | null;
}

/** Waiting changes above this are forgotten: the fetch that closes the gap brings them again. */
const MOST_WAITING = 1000;

/** When an answer brought nothing although there should have been something. */
const NO_NEWS_MS = 1000;

/**
 * One stream as heard: each change once, in order, none missed. A change right above what is held is applied at once;
 * a higher one waits until the gap below it has been fetched. There is one fetch at a time.
 */
export class Stream<C extends { rev: number }> {
	#ends: StreamEnds<C>;
	#held: number;
	#goal: number;
	#waiting = new Map<number, C>();
	#fetching = false;
	#replayComes = false;
	// Raised when the stream starts over, so that an answer to an older question is not taken.
	#life = 0;
	#retry: ReturnType<typeof setTimeout> | undefined;

	constructor(held: number, ends: StreamEnds<C>) {
		this.#held = held;
		this.#goal = held;
		this.#ends = ends;
	}

	/** Everything up to this revision has been applied. */
	get held() {
		return this.#held;
	}

	receive(change: C) {
		if (change.rev <= this.#held) return;
		if (change.rev === this.#held + 1) {
			this.#apply(change);
			this.#drain();
			return;
		}
		if (this.#waiting.size < MOST_WAITING) this.#waiting.set(change.rev, change);
		this.reach(change.rev);
	}

	/** The stream is known to have come this far. */
	reach(head: number) {
		this.#goal = Math.max(this.#goal, head);
		this.#fill();
	}

	/** The server has promised to send what is missing: until it came or {@link replayed} is called, nothing is fetched. */
	expectReplay(head: number) {
		this.#goal = Math.max(this.#goal, head);
		this.#replayComes = head > this.#held;
	}

	/** Nothing more comes by itself: what is still missing is fetched. */
	replayed() {
		this.#replayComes = false;
		this.#fill();
	}

	/** A range that begins inside of what is held or right above it. */
	splice(range: Range<C>) {
		this.#replayComes = false;
		this.#take(range);
		this.#fill();
	}

	/** Starts over: the state as a whole has been taken from elsewhere and is true at this revision. */
	rebase(rev: number) {
		this.#life++;
		this.#held = rev;
		this.#goal = rev;
		this.#fetching = false;
		this.#replayComes = false;
		this.#waiting.clear();
		clearTimeout(this.#retry);
	}

	/** Asks for nothing more. */
	close() {
		this.rebase(this.#held);
	}

	#apply(change: C) {
		this.#held = change.rev;
		this.#ends.apply(change);
	}

	#take(range: Range<C>) {
		for (const change of range.changes) if (change.rev > this.#held) this.#apply(change);
		this.#held = Math.max(this.#held, range.complete); // the revisions in between were superseded
		this.#goal = Math.max(this.#goal, range.head);
		this.#drain();
	}

	#drain() {
		if (this.#waiting.size === 0) return;
		for (let next = this.#waiting.get(this.#held + 1); next; next = this.#waiting.get(this.#held + 1)) {
			this.#waiting.delete(next.rev);
			this.#apply(next);
		}
		for (const rev of this.#waiting.keys()) if (rev <= this.#held) this.#waiting.delete(rev);
	}

	#fill() {
		if (this.#fetching || this.#replayComes || this.#held >= this.#goal) return;
		this.#fetching = true;
		clearTimeout(this.#retry);
		const [life, held] = [this.#life, this.#held];
		this.#ends.after(held).then(
			(range) => {
				if (life !== this.#life) return;
				this.#fetching = false;
				this.#take(range);
				if (this.#held > held) this.#fill();
				else this.#fillAfter(NO_NEWS_MS);
			},
			(failure: unknown) => {
				if (life !== this.#life) return;
				this.#fetching = false;
				const wait = this.#ends.retryAfter(failure);
				if (wait !== null) this.#fillAfter(wait);
			}
		);
	}

	#fillAfter(ms: number) {
		this.#retry = setTimeout(() => this.#fill(), ms);
	}
}
