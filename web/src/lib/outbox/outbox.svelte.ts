import type { Refusal } from '$lib/http/request';
import type { Ack, Message, Post, Refused } from '$lib/protocol';
import { newCid } from './cid';
import { jot, type Kept, type OutboxStore } from './store';
import { Tabs, type News } from './tabs';

/** When a refusal says to try again, but not when. */
const TRY_AGAIN_MS = 1_000;

/** What was written here and is not in the room yet. */
export class Unsent {
	readonly cid: string;
	readonly roomId: number;
	readonly body: string;
	readonly replyToSeq: number | undefined;
	readonly at: number;
	tab: string;
	state: 'waiting' | 'sending' | 'stored' | 'failed' = $state('waiting');
	refusal: Kept['refusal'] = $state.raw();
	/** Its place in the room once it is stored. */
	seq: number | undefined = $state();

	constructor(kept: Kept) {
		({ cid: this.cid, roomId: this.roomId, body: this.body, at: this.at, tab: this.tab } = kept);
		this.replyToSeq = kept.replyToSeq;
		this.refusal = kept.refusal;
		if (kept.refusal) this.state = 'failed';
	}
}

/**
 * What was written and is not acknowledged. It is kept on the device, said again with the same cid after every
 * interruption, and let go only by an acknowledgement or by the person. One message a room is on its way at a time, so
 * that nothing overtakes.
 */
export class Outbox {
	#unsent: readonly Unsent[] = $state.raw([]);
	#timers = new Map<number, ReturnType<typeof setTimeout>>();
	#userId: number;
	#store: Promise<OutboxStore>;
	#send: (post: Post) => boolean;
	#stored: (roomId: number) => void;
	#tabs: Tabs;
	#lastAt = 0;

	/** @param stored called when another page tells that something of a room was stored: it may be time to {@link settle} */
	constructor(
		userId: number,
		store: Promise<OutboxStore>,
		send: (post: Post) => boolean,
		stored: (roomId: number) => void = () => {}
	) {
		this.#userId = userId;
		this.#store = store;
		this.#send = send;
		this.#stored = stored;
		this.#tabs = new Tabs(userId, (news) => this.#hear(news));
	}

	/** Brings back what an earlier page left unsent. */
	async restore() {
		const store = await this.#store;
		const kept = await store.load(this.#userId);
		for (const one of kept.sort((a, b) => a.at - b.at)) this.#adopt(one);
		this.resume();
	}

	/** The room's unsent messages, in the order in which they were written. */
	in(roomId: number): readonly Unsent[] {
		return this.#unsent.filter((unsent) => unsent.roomId === roomId);
	}

	/** How many wait for the server. */
	get waiting() {
		return this.#unsent.filter(({ state }) => state === 'waiting' || state === 'sending').length;
	}

	/**
	 * Says something as soon as possible. The promise tells when it is safe on this device.
	 * @param replyToSeq the message that it answers
	 */
	async post(roomId: number, body: string, replyToSeq?: number): Promise<void> {
		// Two messages within one millisecond keep their order, too.
		this.#lastAt = Math.max(Date.now(), this.#lastAt + 1);
		const kept = {
			cid: newCid(),
			userId: this.#userId,
			roomId,
			body,
			...(replyToSeq === undefined ? {} : { replyToSeq }),
			at: this.#lastAt,
			tab: this.#tabs.me
		};
		jot(kept);
		this.#insert(new Unsent(kept));
		this.#pump(roomId);
		await this.#keep(kept);
	}

	/** Tries a refused message again. A cid that belongs to another message can never work, so that one gets a new one. */
	async retry(unsent: Unsent) {
		if (unsent.refusal?.code === 'conflict') {
			this.delete(unsent);
			await this.post(unsent.roomId, unsent.body, unsent.replyToSeq);
			return;
		}
		unsent.state = 'waiting';
		unsent.refusal = undefined;
		unsent.tab = this.#tabs.me;
		this.#pump(unsent.roomId);
		await this.#keep(this.#toKept(unsent));
	}

	delete(unsent: Unsent) {
		this.#drop(unsent.cid);
		void this.#forget(unsent.cid);
		this.#pump(unsent.roomId);
	}

	stored({ cid, seq }: Pick<Ack, 'cid' | 'seq'>) {
		const unsent = this.#find(cid);
		if (!unsent) return;
		unsent.state = 'stored';
		unsent.seq = seq;
		void this.#forget(cid, seq);
		this.#pump(unsent.roomId);
	}

	refused(refused: Refused) {
		const unsent = refused.cid === undefined ? undefined : this.#find(refused.cid);
		// What became another page's while it was on its way is that page's to say again, or to give up.
		if (!unsent || unsent.state === 'stored' || unsent.tab !== this.#tabs.me) return;
		if (refused.retry) {
			unsent.state = 'waiting';
			this.#pumpAfter(unsent.roomId, refused.retryAfterMs ?? TRY_AGAIN_MS);
		} else {
			this.#fail(unsent, refused);
		}
	}

	/** The room has the message: its row takes over where that is shown, see {@link settle}. */
	arrived({ authorId, cid, seq }: Message) {
		if (authorId !== this.#userId || cid === undefined) return;
		if (this.#find(cid)?.state !== 'stored') this.stored({ cid, seq });
	}

	/** Stored messages that the room shows, or that nobody is looking for at its end, need no row of their own. */
	settle(roomId: number, isShown: (seq: number) => boolean) {
		const done = this.in(roomId).filter(({ state, seq }) => state === 'stored' && isShown(seq!));
		for (const { cid } of done) this.#drop(cid);
	}

	/** The connection stands: everything is said again. */
	resume() {
		for (const roomId of new Set(this.#unsent.map((unsent) => unsent.roomId))) this.#pump(roomId);
	}

	/** The connection is gone: what was on its way may or may not have arrived. */
	interrupt() {
		for (const timer of this.#timers.values()) clearTimeout(timer);
		this.#timers.clear();
		for (const unsent of this.#unsent) if (unsent.state === 'sending') unsent.state = 'waiting';
	}

	/** The person signs out: nothing of theirs stays on this device. */
	async clear() {
		this.#unsent = [];
		await (await this.#store).clear(this.#userId);
	}

	close() {
		this.interrupt();
		this.#tabs.close();
	}

	#pump(roomId: number) {
		if (this.#timers.has(roomId)) return;
		const mine = this.in(roomId).filter(({ tab }) => tab === this.#tabs.me);
		if (mine.some(({ state }) => state === 'sending')) return;
		const next = mine.find(({ state }) => state === 'waiting');
		if (!next) return;
		const { cid, body, replyToSeq } = next;
		const reply = replyToSeq === undefined ? {} : { replyToSeq };
		if (this.#send({ type: 'post', roomId, cid, body, ...reply })) next.state = 'sending';
	}

	#pumpAfter(roomId: number, ms: number) {
		this.#timers.set(
			roomId,
			setTimeout(() => {
				this.#timers.delete(roomId);
				this.#pump(roomId);
			}, ms)
		);
	}

	#fail(unsent: Unsent, { code, detail, params }: Refusal | Refused) {
		unsent.state = 'failed';
		unsent.refusal = { code, detail, params };
		void this.#keep(this.#toKept(unsent));
		this.#pump(unsent.roomId);
	}

	#find(cid: string) {
		return this.#unsent.find((unsent) => unsent.cid === cid);
	}

	#insert(unsent: Unsent) {
		this.#unsent = [...this.#unsent, unsent].sort((a, b) => a.at - b.at);
	}

	#drop(cid: string) {
		this.#unsent = this.#unsent.filter((unsent) => unsent.cid !== cid);
	}

	#adopt(kept: Kept) {
		if (this.#find(kept.cid)) return;
		const unsent = new Unsent(kept);
		this.#insert(unsent);
		this.#watch(kept.tab);
	}

	/** What a page left behind when it was closed is this one's. */
	#watch(tab: string) {
		this.#tabs.whenClosed(tab, () => {
			for (const unsent of this.#unsent) if (unsent.tab === tab) unsent.tab = this.#tabs.me;
			this.resume();
		});
	}

	#hear(news: News) {
		if ('gone' in news) return this.#heardGone(news.gone, news.seq);
		const known = this.#find(news.kept.cid);
		if (known) {
			known.tab = news.kept.tab;
			this.#watch(known.tab);
			known.refusal = news.kept.refusal;
			known.state = news.kept.refusal ? 'failed' : 'waiting';
			// It may have been on its way from here, and others wait behind it.
			this.#pump(known.roomId);
		} else {
			this.#adopt(news.kept);
		}
	}

	#heardGone(cid: string, seq: number | undefined) {
		const unsent = this.#find(cid);
		if (!unsent) return;
		if (seq === undefined) this.#drop(cid);
		else {
			// Another page knows already that it was stored; this one may not have heard it.
			unsent.state = 'stored';
			unsent.seq = seq;
			this.#stored(unsent.roomId);
		}
		// It may have been on its way from here.
		this.#pump(unsent.roomId);
	}

	async #keep(kept: Kept) {
		this.#tabs.tell({ kept });
		await (await this.#store).put(kept);
		// It may have been acknowledged while it was being written down.
		if (!this.#find(kept.cid) || this.#find(kept.cid)!.state === 'stored')
			await (await this.#store).remove(kept.cid);
	}

	async #forget(cid: string, seq?: number) {
		this.#tabs.tell({ gone: cid, seq });
		await (await this.#store).remove(cid);
	}

	#toKept({ cid, roomId, body, replyToSeq, at, tab, refusal }: Unsent): Kept {
		const reply = replyToSeq === undefined ? {} : { replyToSeq };
		return { cid, userId: this.#userId, roomId, body, ...reply, at, tab, refusal };
	}
}
