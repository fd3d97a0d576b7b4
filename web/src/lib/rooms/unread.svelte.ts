import type { MessageChange } from '$lib/protocol';

/** What the server says is unread, true at the room's revision `head`; `lastSeq` where it says that too. */
export interface Counted {
	mark: number;
	unread: number;
	head: number;
	rev: number;
	lastSeq?: number;
}

/** A live change of the count: another message, or one that became a tombstone. */
interface Step {
	rev: number;
	seq: number;
	by: 1 | -1;
}

/** Older steps than these are forgotten; a count that would need them is asked for instead. */
const MOST_REMEMBERED = 500;

/** What is unread in one room: the server's last count, and the live messages above the revision at which it counted. */
export class Unread {
	#mark = $state(0);
	#base = $state(0);
	#head = $state(0);
	#lastSeq = $state(0);
	#since: readonly Step[] = $state.raw([]);
	// Everything counted above this revision is in #since.
	#rememberedFrom: number;
	#rev: number;
	#me: number;

	count = $derived(
		this.#since
			.filter(({ rev, seq }) => rev > this.#head && seq > this.#mark)
			.reduce((count, { by }) => count + by, this.#base)
	);

	constructor(counted: Counted, me: number) {
		this.#me = me;
		this.#mark = counted.mark;
		this.#base = counted.unread;
		this.#head = counted.head;
		this.#lastSeq = counted.lastSeq ?? 0;
		this.#rev = counted.rev;
		this.#rememberedFrom = counted.head;
	}

	/** The `seq` of the last message read. */
	get mark() {
		return this.#mark;
	}

	/** The room's newest message, as far as is known. */
	get lastSeq() {
		return this.#lastSeq;
	}

	/**
	 * The server's word.
	 * @param unheard whether the changes up to its head were not, and will not be, heard one by one
	 * @returns false when the count cannot be known from it: the server is to be asked again
	 */
	settle(counted: Counted, unheard = false): boolean {
		this.#lastSeq = Math.max(this.#lastSeq, counted.lastSeq ?? 0);
		if (unheard) this.#rememberedFrom = Math.max(this.#rememberedFrom, counted.head);
		// An older mark, or an older count of the same mark: what is known is newer, unless it has just lost its ground.
		if (counted.rev < this.#rev) return !unheard || this.#head >= counted.head;
		if (counted.rev === this.#rev && counted.head <= this.#head) return true;

		this.#rev = counted.rev;
		this.#mark = counted.mark;
		this.#base = counted.unread;
		this.#head = counted.head;
		return counted.head >= this.#rememberedFrom;
	}

	/**
	 * One change of the room's stream, in order.
	 * @returns false when the count cannot be known any more: the server is to be asked
	 */
	hear({ rev, message }: MessageChange): boolean {
		const isNew = message.seq > this.#lastSeq;
		if (isNew) this.#lastSeq = message.seq;
		if (message.kind !== 'text' || message.authorId === this.#me) return true;
		if (isNew && !message.deletedAt) this.#remember({ rev, seq: message.seq, by: 1 });
		if (isNew || !message.deletedAt) return true;

		const steps = this.#since.filter(({ seq }) => seq === message.seq);
		if (steps.some(({ by }) => by === -1)) return true;
		this.#remember({ rev, seq: message.seq, by: -1 });
		// Whether the server had counted one that was not heard live, only it knows.
		return steps.length > 0 || message.seq <= this.#mark || rev <= this.#head;
	}

	#remember(step: Step) {
		this.#since = [...this.#since, step].slice(-MOST_REMEMBERED);
		if (this.#since.length === MOST_REMEMBERED) {
			this.#rememberedFrom = Math.max(this.#rememberedFrom, this.#since[0]!.rev);
		}
	}
}
