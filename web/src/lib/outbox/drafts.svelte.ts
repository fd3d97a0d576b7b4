import { SvelteMap } from 'svelte/reactivity';
import { retryAfter } from '$lib/http/request';
import type { RoomDraft, Welcome } from '$lib/protocol';
import { forgetAll, recall, remember } from '$lib/ui/memory';

/** So long nothing is written before the server is told. */
const PAUSE_MS = 1_500;

/** When the server could not be told. */
const AGAIN_MS = 10_000;

/** What is being written in one room. */
export interface Writing {
	body: string;
	/** The message that it will answer. */
	replyToSeq?: number;
}

/** As it is kept on this device. */
interface Kept extends Writing {
	/** Whether the server has not been told yet. */
	dirty?: boolean;
}

/** As it is held on this page. */
interface Held extends Kept {
	/** It is on this device: untold for as long as it is so there, whichever page tells it. */
	noted?: boolean;
}

/** The server's, at a revision. */
type Word = Omit<RoomDraft, 'at'>;

/** What was told may have been before a backup took the server's place. */
class HistoryGone extends Error {}

const NOTHING: Writing = { body: '' };
const same = (one: Writing, other: Writing) => one.body === other.body && one.replyToSeq === other.replyToSeq;
const prefix = (userId: number) => `olha.draft.${userId}.`;

/**
 * What the person has begun to write, room by room: on this device at once, on the server after a pause, so that it
 * follows the person. Of two devices the later one wins; what is not told yet here is later than what is heard.
 */
export class Drafts {
	#byRoom = new SvelteMap<number, Held>();
	#timers = new Map<number, ReturnType<typeof setTimeout>>();
	#telling = new Set<number>();
	// The newest word of the server's, room by room, by its revision in the history that it has now.
	#newest = new Map<number, number>();
	#history = {};
	// What was heard while something was untold here.
	#unheeded = new Map<number, Word>();
	#userId: number;
	#tell: (roomId: number, body: string, replyToSeq?: number) => Promise<RoomDraft>;

	constructor(
		userId: number,
		tell: (roomId: number, body: string, replyToSeq?: number) => Promise<RoomDraft>
	) {
		this.#userId = userId;
		this.#tell = tell;
	}

	in(roomId: number): Writing {
		return this.#byRoom.get(roomId) ?? this.#recall(roomId) ?? NOTHING;
	}

	/** Whether something is begun in a room. */
	has(roomId: number) {
		return this.in(roomId).body.trim() !== '';
	}

	/** The person writes. */
	write(roomId: number, { body, replyToSeq }: Writing) {
		if (same(this.in(roomId), { body, replyToSeq })) return;
		this.#put(roomId, { body, replyToSeq, dirty: true });
		this.#tellAfter(roomId, PAUSE_MS);
	}

	/** What was written has been sent: there is nothing left, and no pause to wait for. */
	sent(roomId: number) {
		this.#put(roomId, { body: '', dirty: true });
		this.#tellAfter(roomId, 0);
	}

	/**
	 * A new connection's starting state: what is not told yet is told now, else the server's word stands.
	 * @param known whether it goes on with the history that was known
	 */
	welcome({ drafts, rooms, personHead }: Pick<Welcome, 'drafts' | 'rooms' | 'personHead'>, known: boolean) {
		this.#newest = new Map();
		if (!known) this.#history = {};
		const theirs = new Map(drafts.map((draft) => [draft.roomId, draft]));
		this.#unheeded.clear();
		for (const { roomId } of rooms) {
			const word = theirs.get(roomId) ?? { roomId, body: '', rev: personHead };
			if (this.resume(roomId)) this.#unheeded.set(roomId, word);
			else this.#take(word);
		}
	}

	/**
	 * The person is in this room: what is not told yet can be told.
	 * @param others whether this goes for what another page has written, too: it may be gone, else it will tell it itself
	 * @returns whether there is any
	 */
	resume(roomId: number, others = true): boolean {
		const own = this.#byRoom.get(roomId)?.dirty ?? false;
		const untold = own || (others && (this.#recall(roomId)?.dirty ?? false));
		if (untold && !this.#timers.has(roomId)) this.#tellAfter(roomId, own ? 0 : PAUSE_MS);
		return untold;
	}

	/** News from the person's other devices, or of this one's own. */
	take(draft: RoomDraft) {
		const { roomId, rev } = draft;
		// An answer may overtake what was announced before it.
		if (rev < (this.#newest.get(roomId) ?? 0)) return;
		this.#newest.set(roomId, rev);
		this.#unheeded.set(roomId, draft);
		if (!this.#byRoom.get(roomId)?.dirty) this.#heed(roomId);
	}

	close() {
		for (const timer of this.#timers.values()) clearTimeout(timer);
		this.#timers.clear();
	}

	/** The person signs out: nothing of theirs stays on this device. */
	static forget(userId: number) {
		forgetAll(prefix(userId));
	}

	#take({ roomId, body, replyToSeq }: Word) {
		const writing = { body, replyToSeq };
		if (same(this.in(roomId), writing)) return;
		// What another page has not told yet stays on this device: that page may be gone before it has.
		if (this.#recall(roomId)?.dirty) this.#byRoom.set(roomId, writing);
		else this.#put(roomId, writing);
	}

	/** What was written last on this device and is not told yet; else what is held. */
	#kept(roomId: number): Kept | undefined {
		const recalled = this.#recall(roomId);
		const held = this.#byRoom.get(roomId);
		if (recalled?.dirty || !held) return recalled;
		// Another page has told it meanwhile, or something later.
		return held.noted ? (recalled ?? NOTHING) : held;
	}

	/** The server has been told, and answered at a revision. */
	#settle(roomId: number, { body, replyToSeq }: Writing, rev: number) {
		this.#put(roomId, { body, replyToSeq });
		// Told and unchanged, the server names a revision that is the next one's: what was heard of that came later.
		if ((this.#unheeded.get(roomId)?.rev ?? 0) >= rev) this.#heed(roomId);
		this.#unheeded.delete(roomId);
	}

	#heed(roomId: number) {
		const word = this.#unheeded.get(roomId);
		this.#unheeded.delete(roomId);
		if (word) this.#take(word);
	}

	#put(roomId: number, kept: Kept) {
		const empty = kept.body === '' && !kept.dirty;
		remember(prefix(this.#userId) + roomId, empty ? null : JSON.stringify(kept));
		this.#hold(roomId, kept);
	}

	// Where this storage is forbidden, nothing is noted.
	#hold(roomId: number, kept: Kept) {
		const noted = kept.dirty && this.#recall(roomId)?.dirty;
		this.#byRoom.set(roomId, noted ? { ...kept, noted } : kept);
	}

	#recall(roomId: number): Kept | undefined {
		try {
			const text = recall(prefix(this.#userId) + roomId);
			const kept = text === null ? undefined : (JSON.parse(text) as Kept);
			return typeof kept?.body === 'string' ? kept : undefined;
		} catch {
			return undefined;
		}
	}

	#tellAfter(roomId: number, ms: number) {
		clearTimeout(this.#timers.get(roomId));
		this.#timers.set(
			roomId,
			setTimeout(() => void this.#flush(roomId), ms)
		);
	}

	// One at a time, of all the person's pages here: of two on their way the older one could arrive last.
	async #flush(roomId: number) {
		this.#timers.delete(roomId);
		if (this.#telling.has(roomId)) return;
		const told = this.#toTell(roomId);
		if (!told?.dirty) return;
		this.#telling.add(roomId);
		await inTurn(`olha-draft-${this.#userId}-${roomId}`, async () => {
			// While this page waited another one may have told it, or something later may have been written.
			const told = this.#toTell(roomId);
			if (told?.dirty) await this.#tellNow(roomId, told);
			else this.#telling.delete(roomId);
		});
	}

	#toTell(roomId: number) {
		const told = this.#kept(roomId);
		// Who tells what another page has written has it, too.
		if (told) this.#hold(roomId, told);
		if (!told?.dirty) this.#heed(roomId);
		return told;
	}

	async #tellNow(roomId: number, told: Kept) {
		const newest = this.#newest;
		const history = this.#history;
		try {
			const { rev } = await this.#tell(roomId, told.body, told.replyToSeq);
			if (history !== this.#history) throw new HistoryGone();
			if (newest === this.#newest) newest.set(roomId, Math.max(rev, newest.get(roomId) ?? 0));
			this.#telling.delete(roomId);
			const now = this.#kept(roomId) ?? told;
			if (same(now, told)) this.#settle(roomId, told, rev);
			else if (!this.#timers.has(roomId)) this.#tellAfter(roomId, 0);
		} catch (failure) {
			this.#telling.delete(roomId);
			if (this.#timers.has(roomId)) return;
			if (failure instanceof HistoryGone) this.#tellAfter(roomId, 0);
			// It stays on this device, and is told later, unless the server will never take it.
			else if (retryAfter(failure) !== null) this.#tellAfter(roomId, AGAIN_MS);
		}
	}
}

/** After what the person's other pages do under that name; at once where a browser has no such thing. */
async function inTurn(name: string, act: () => Promise<void>) {
	const locks = globalThis.navigator?.locks;
	await (locks ? locks.request(name, { mode: 'exclusive' }, act) : act());
}
