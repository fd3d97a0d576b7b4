import type { Message, MessageChange } from '$lib/protocol';

/** What the server says is unread, true at the room's revision `head`; `lastSeq` where it says that too. */
export interface Counted {
	mark: number;
	unread: number;
	head: number;
	rev: number;
	lastSeq?: number;
}

/** Older live messages than these are forgotten; a count that would need them is asked for instead. */
const MOST_REMEMBERED = 500;

/** What is unread in one room: the server's last count, and the live messages above the revision at which it counted. */
export class Unread {
	#mark = $state(0);
	#base = $state(0);
	#head = $state(0);
	#lastSeq = $state(0);
	#since: readonly { rev: number; seq: number }[] = $state.raw([]);
	// Everything counted above this revision is in #since.
	#rememberedFrom: number;
	#rev: number;
	#me: number;

	count = $derived(
		this.#base + this.#since.filter(({ rev, seq }) => rev > this.#head && seq > this.#mark).length
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
		if (isNew && this.#counts(message)) {
			this.#remember({ rev, seq: message.seq });
			return true;
		}
		if (isNew || !message.deletedAt || message.seq <= this.#mark || rev <= this.#head) return true;

		// A tombstone counts no more. If it was counted by the server, only the server knows.
		const live = this.#since.find(({ seq }) => seq === message.seq);
		if (!live) return message.kind !== 'text' || message.authorId === this.#me;
		this.#since = this.#since.filter((other) => other !== live);
		return live.rev > this.#head;
	}

	#counts(message: Message) {
		return message.kind === 'text' && message.authorId !== this.#me && !message.deletedAt;
	}

	#remember(live: { rev: number; seq: number }) {
		this.#since = [...this.#since, live].slice(-MOST_REMEMBERED);
		if (this.#since.length === MOST_REMEMBERED) {
			this.#rememberedFrom = Math.max(this.#rememberedFrom, this.#since[0]!.rev);
		}
	}
}
