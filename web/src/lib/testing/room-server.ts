import { means } from '$lib/rooms/unread.svelte';
import type {
	Message,
	MessageChange,
	MessagePage,
	Place,
	ReadState,
	Room,
	RoomChange,
	RoomChanges
} from '$lib/protocol';

/** One room as a server would hold it, for one reader: what a client must come to agree with. */
export class RoomServer {
	readonly messages: Message[] = [];
	readonly live: (MessageChange | RoomChange)[] = [];
	head = 0;
	/** The first `seq` that is kept; what lies below is as good as gone. */
	first = 1;
	mark = 0;
	#markRev = 1;
	#roomRev = 0;
	#reader: number;
	#waiting: (() => void)[] = [];

	constructor(reader: number) {
		this.#reader = reader;
	}

	/**
	 * @param mentions whom it names
	 * @param replyTo the place of the message that it answers
	 */
	post(authorId: number, cid?: string, mentions?: number[], replyTo?: number): MessageChange {
		const seq = this.messages.length + 1;
		return this.#put({
			id: 1000 + seq,
			roomId: 1,
			seq,
			rev: ++this.head,
			authorId,
			cid: cid ?? `cid-${seq}`,
			kind: 'text',
			body: `message ${seq}`,
			...(mentions ? { mentions } : {}),
			...(replyTo && this.#kept(replyTo)
				? { replyTo: { seq: replyTo, authorId: this.#kept(replyTo)!.authorId } }
				: {}),
			createdAt: new Date(Date.UTC(2026, 0, 1, 12, seq)).toISOString()
		});
	}

	/** @param mentions whom the new words name */
	edit(seq: number, mentions?: number[]) {
		const held = this.#kept(seq);
		if (!held || held.deletedAt) return;
		const edited = { ...held, rev: ++this.head, body: `${held.body}!`, editedAt: held.createdAt };
		delete edited.mentions;
		this.#put(mentions ? { ...edited, mentions } : edited);
	}

	react(seq: number, userId: number) {
		const held = this.#kept(seq);
		if (!held || held.deletedAt) return;
		const userIds = [...new Set([...(held.reactions?.[0]?.userIds ?? []), userId])];
		this.#put({ ...held, rev: ++this.head, reactions: [{ emoji: '👍', userIds }] });
	}

	delete(seq: number) {
		const held = this.#kept(seq);
		if (!held || held.deletedAt) return;
		const { id, roomId, authorId, cid, kind, createdAt } = held;
		this.#put({
			id,
			roomId,
			seq,
			rev: ++this.head,
			authorId,
			cid,
			kind,
			createdAt,
			deletedAt: createdAt
		});
	}

	/** Keeps nothing below a `seq` any more. */
	purge(first: number) {
		if (first <= this.first || first > this.messages.length + 1) return;
		this.first = first;
		this.#roomRev = ++this.head;
		this.live.push({ type: 'room', roomId: 1, rev: this.head, room: this.room() });
	}

	/** @returns the place, as the person's stream announces it */
	read(mark: number): Place {
		this.mark = Math.min(mark, this.messages.length);
		this.#markRev++;
		return this.place();
	}

	unread(): number {
		return this.messages.filter(
			({ seq, authorId, deletedAt }) =>
				seq > this.mark && seq >= this.first && authorId !== this.#reader && !deletedAt
		).length;
	}

	mentions(): number {
		return this.messages.filter(
			(message) => message.seq > this.mark && message.seq >= this.first && means(message, this.#reader)
		).length;
	}

	place(): Place {
		return {
			...this.readState(),
			level: 'mentions',
			joined: true,
			lastSeq: this.messages.length,
			room: this.room()
		};
	}

	readState(): ReadState {
		return {
			roomId: 1,
			mark: this.mark,
			unread: this.unread(),
			mentions: this.mentions(),
			head: this.head,
			rev: this.#markRev
		};
	}

	room(): Room {
		return {
			id: 1,
			kind: 'open',
			name: 'General',
			general: true,
			createdAt: '2026-01-01T00:00:00.000Z',
			firstSeq: this.first,
			rev: this.#roomRev
		};
	}

	changesAfter(rev: number, limit = 500): RoomChanges {
		const missed: (MessageChange | RoomChange)[] = this.messages
			.filter((message) => message.rev > rev && message.seq >= this.first)
			.map((message) => ({ type: 'message', roomId: 1, rev: message.rev, message }));
		if (this.#roomRev > rev)
			missed.push({ type: 'room', roomId: 1, rev: this.#roomRev, room: this.room() });
		const changes = missed.sort((a, b) => a.rev - b.rev).slice(0, limit);
		const complete = missed.length > limit ? changes.at(-1)!.rev : this.head;
		return { type: 'changes', roomId: 1, complete, head: this.head, changes, read: this.readState() };
	}

	page(search: URLSearchParams): MessagePage {
		const limit = Number(search.get('limit') ?? 50);
		const all = this.messages;
		let from = all.length - limit;
		let to = all.length;
		if (search.has('before'))
			[from, to] = [Number(search.get('before')) - 1 - limit, Number(search.get('before')) - 1];
		const none = this.first - 1;
		// What lies above a place that is kept no more begins with the first that is.
		if (search.has('after')) from = Math.max(none, Number(search.get('after')));
		if (search.has('after')) to = from + limit;
		if (search.has('around')) from = Number(search.get('around')) - 1 - limit / 2;
		if (search.has('around')) to = Math.max(from + limit, none + limit / 2);
		const messages = all.slice(Math.max(none, from), Math.max(none, to));
		const first = messages[0]?.seq ?? this.first;
		return {
			roomId: 1,
			messages,
			complete: this.head,
			hasBefore: first > this.first,
			hasAfter: messages.length > 0 && messages.at(-1)!.seq < all.length,
			read: this.readState()
		};
	}

	/** Answers as the API does; each answer is read now and arrives at the next {@link flush}. */
	fetch = (input: string): Promise<Response> => {
		const url = new URL(input, 'http://olha');
		const answer = JSON.stringify(this.#answer(url));
		return new Promise((resolve) => this.#waiting.push(() => resolve(new Response(answer))));
	};

	/** Lets every answer on its way arrive. */
	async flush() {
		while (this.#waiting.length > 0) {
			for (const arrive of this.#waiting.splice(0)) arrive();
			// An answer passes through several promises before it is taken.
			await new Promise((resolve) => setImmediate(resolve));
		}
	}

	#kept(seq: number) {
		return seq >= this.first ? this.messages[seq - 1] : undefined;
	}

	#answer({ pathname, searchParams }: URL) {
		if (pathname.endsWith('/changes')) return this.changesAfter(Number(searchParams.get('after')), 5);
		if (pathname.endsWith('/messages')) return this.page(searchParams);
		return this.place();
	}

	#put(message: Message) {
		this.messages[message.seq - 1] = message;
		const change: MessageChange = { type: 'message', roomId: 1, rev: message.rev, message };
		this.live.push(change);
		return change;
	}
}
