import type { Message, MessageChange } from '$lib/protocol';

/** What the server says is unread, true at the room's revision `head`; `lastSeq` where it says that too. */
export interface Counted {
	mark: number;
	unread: number;
	mentions: number;
	head: number;
	rev: number;
	lastSeq?: number;
}

/** A live change of the counts: another message, one that became a tombstone, one that means somebody else now. */
interface Step {
	rev: number;
	seq: number;
	unread: 1 | 0 | -1;
	mentions: 1 | 0 | -1;
	/** Only the server knows what it did to its count. */
	unknown?: boolean;
}

/** Older steps than these are forgotten; a count that would need them is asked for instead. */
const MOST_REMEMBERED = 500;

/** Whether a message means somebody: names them or everybody, or answers them. As the server keeps it in `mentions`. */
export function means(message: Message, userId: number): boolean {
	return (
		message.authorId !== userId &&
		!message.deletedAt &&
		(message.replyTo?.authorId === userId ||
			(message.mentions?.some((id) => id === userId || id === 0) ?? false))
	);
}

/** What is unread in one room: the server's last count, and the live messages above the revision at which it counted. */
export class Unread {
	#mark = $state(0);
	#base = $state(0);
	#baseMentions = $state(0);
	#head = $state(0);
	#lastSeq = $state(0);
	#since: readonly Step[] = $state.raw([]);
	// Everything counted above this revision is in #since.
	#rememberedFrom: number;
	#rev: number;
	#me: number;
	#first = 1;

	#live = $derived(this.#since.filter(({ rev, seq }) => rev > this.#head && seq > this.#mark));

	count = $derived(this.#live.reduce((count, { unread }) => count + unread, this.#base));

	/** Of these, the messages that mean the person. */
	mentions = $derived(this.#live.reduce((count, { mentions }) => count + mentions, this.#baseMentions));

	constructor(counted: Counted, me: number) {
		this.#me = me;
		this.#mark = counted.mark;
		this.#base = counted.unread;
		this.#baseMentions = counted.mentions;
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

	/** Whether the counts are right; otherwise the server is to be asked. */
	get known() {
		return this.#head >= this.#rememberedFrom && !this.#live.some(({ unknown }) => unknown);
	}

	/** What is counted now, true at a revision up to which all was heard. */
	countedAt(held: number): Required<Counted> {
		return {
			mark: this.#mark,
			unread: this.count,
			mentions: this.mentions,
			head: Math.max(this.#head, held),
			rev: this.#rev,
			lastSeq: this.#lastSeq
		};
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
		if (counted.rev < this.#rev) return this.known;
		if (counted.rev === this.#rev && counted.head <= this.#head) return this.known;

		this.#rev = counted.rev;
		this.#mark = counted.mark;
		this.#base = counted.unread;
		this.#baseMentions = counted.mentions;
		this.#head = counted.head;
		return this.known;
	}

	/**
	 * One change of the room's stream, in order.
	 * @param before the message's former form, where it is held
	 * @returns false when the count cannot be known any more: the server is to be asked
	 */
	hear({ rev, message }: MessageChange, before?: Message): boolean {
		const isNew = message.seq > this.#lastSeq;
		if (isNew) this.#lastSeq = message.seq;
		if (message.kind !== 'text' || message.authorId === this.#me) return true;

		const now = means(message, this.#me);
		if (isNew) {
			if (!message.deletedAt)
				this.#remember({ rev, seq: message.seq, unread: 1, mentions: now ? 1 : 0 });
			return this.known;
		}
		const steps = this.#since.filter(({ seq }) => seq === message.seq);
		if (steps.some(({ unread }) => unread === -1)) return true;
		const heard = steps.some(({ unread }) => unread === 1);
		// Whether it meant the person before: as it was heard live, or as it is held and was counted.
		const known = heard || (before !== undefined && before.rev <= this.#head);
		const meant = heard
			? steps.reduce((sum, { mentions }) => sum + mentions, 0) > 0
			: known && means(before!, this.#me);
		const { seq } = message;
		if (message.deletedAt) {
			// Whether the server had counted one that was not heard live, only it knows.
			this.#remember({ rev, seq, unread: -1, mentions: meant ? -1 : 0, unknown: !heard });
		} else if (!known) {
			// Reactions and pins leave alone whom it means.
			if (message.editedAt) this.#remember({ rev, seq, unread: 0, mentions: 0, unknown: true });
		} else if (now !== meant) {
			this.#remember({ rev, seq, unread: 0, mentions: now ? 1 : -1 });
		}
		return this.known;
	}

	/**
	 * The room keeps nothing below this: what was unread of it, only the server knows.
	 * @returns false when the server is to be asked
	 */
	purge(rev: number, firstSeq: number): boolean {
		if (firstSeq > this.#first) {
			this.#first = firstSeq;
			this.#remember({ rev, seq: firstSeq - 1, unread: 0, mentions: 0, unknown: true });
		}
		return this.known;
	}

	#remember(step: Step) {
		this.#since = [...this.#since, step].slice(-MOST_REMEMBERED);
		if (this.#since.length === MOST_REMEMBERED) {
			this.#rememberedFrom = Math.max(this.#rememberedFrom, this.#since[0]!.rev);
		}
	}
}
