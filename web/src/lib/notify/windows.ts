import { openChannel, type Channel } from './channel';

type Word = { from: string } & (
	{ looks: number | null } | { asks: true } | { told: string } | { bids: string }
);

/** A window that looks at a room says so again and again: one that crashed is not believed for ever. */
const SAY_LOOKING_MS = 20_000;
const BELIEVED_MS = 45_000;

/** How long news is kept for the case that the window that was to tell it is gone. */
const KEPT_MS = 10_000;

/** Without a leader: for so long bids are gathered, and so long later a winner that stayed silent is not waited for. */
const BIDDING_MS = 150;
const GIVEN_UP_MS = 1_500;

/** Of so many news it is remembered that they were told. */
const MOST_TOLD = 200;

/**
 * The person's windows in this browser. They know which room is looked at in any of them, and agree on the one that
 * tells what all of them hear: the leader, which holds a lock for as long as it hears. Where there are no locks,
 * they bid for each piece of news and the lowest name tells it.
 */
export class Windows {
	readonly me = crypto.getRandomValues(new Uint32Array(2)).join('-');
	#userId: number;
	#channel: Channel<Word>;
	#looking = new Map<string, { roomId: number; at: number }>();
	#here: number | null = null;
	#repeat: ReturnType<typeof setInterval> | undefined;
	#leads = false;
	#hearing: AbortController | undefined;
	#told = new Set<string>();
	#waiting = new Map<string, { tell: () => void; timer: ReturnType<typeof setTimeout> }>();
	#bids = new Map<string, string>();

	constructor(userId: number) {
		this.#userId = userId;
		this.#channel = openChannel<Word>(`olha-notify-${userId}`, (word) => this.#hear(word));
		this.#channel.say({ from: this.me, asks: true });
	}

	/** Which room this window shows while it has the focus; null: none. */
	look(roomId: number | null) {
		if (roomId === this.#here) return;
		this.#here = roomId;
		clearInterval(this.#repeat);
		this.#sayLooking();
		if (roomId !== null) this.#repeat = setInterval(() => this.#sayLooking(), SAY_LOOKING_MS);
	}

	/** Whether the room is before somebody's eyes, in this window or another one. */
	isLookedAt(roomId: number): boolean {
		if (this.#here === roomId) return true;
		const since = Date.now() - BELIEVED_MS;
		return [...this.#looking.values()].some((other) => other.roomId === roomId && other.at > since);
	}

	/** This window hears the news from now on, and can be the one that tells them. */
	listen() {
		if (this.#hearing) return;
		const { signal } = (this.#hearing = new AbortController());
		// Only in a secure context; there, whoever closes or crashes lets the lock go.
		globalThis.navigator?.locks
			?.request(`olha-notify-${this.#userId}`, { signal }, async () => {
				if (signal.aborted) return;
				this.#leads = true;
				for (const news of this.#waiting.keys()) this.#tell(news);
				await new Promise((resolve) => signal.addEventListener('abort', resolve));
			})
			.catch((failure: DOMException) => {
				if (failure.name !== 'AbortError') throw failure;
			});
	}

	/** It hears nothing for now: another one is to tell. */
	pause() {
		this.#leads = false;
		this.#hearing?.abort();
		this.#hearing = undefined;
		this.#bids.clear();
	}

	/** Each window comes with the same news; one of them tells it. */
	once(news: string, tell: () => void) {
		if (this.#told.has(news) || this.#waiting.has(news)) return;
		if (globalThis.navigator?.locks) {
			this.#wait(news, tell, KEPT_MS, () => this.#forget(news));
			if (this.#leads) this.#tell(news);
		} else {
			this.#channel.say({ from: this.me, bids: news });
			this.#wait(news, tell, BIDDING_MS, () => this.#count(news, tell));
		}
	}

	close() {
		this.look(null);
		this.pause();
		for (const news of this.#waiting.keys()) this.#forget(news);
		this.#channel.close();
	}

	#hear(word: Word) {
		if ('asks' in word) {
			if (this.#here !== null) this.#sayLooking();
		} else if ('looks' in word) {
			if (word.looks === null) this.#looking.delete(word.from);
			else this.#looking.set(word.from, { roomId: word.looks, at: Date.now() });
		} else if ('told' in word) {
			this.#remember(word.told);
		} else if (!this.#told.has(word.bids) && word.from < (this.#bids.get(word.bids) ?? this.me)) {
			this.#bids.set(word.bids, word.from);
		}
	}

	#sayLooking() {
		this.#channel.say({ from: this.me, looks: this.#here });
	}

	#count(news: string, tell: () => void) {
		if (!this.#bids.has(news)) this.#tell(news);
		else this.#wait(news, tell, GIVEN_UP_MS, () => this.#tell(news));
	}

	#wait(news: string, tell: () => void, ms: number, then: () => void) {
		this.#waiting.set(news, { tell, timer: setTimeout(then, ms) });
	}

	#tell(news: string) {
		const tell = this.#waiting.get(news)?.tell;
		this.#remember(news);
		this.#channel.say({ from: this.me, told: news });
		tell?.();
	}

	#remember(news: string) {
		this.#forget(news);
		this.#told.add(news);
		if (this.#told.size > MOST_TOLD) this.#told.delete(this.#told.values().next().value!);
	}

	#forget(news: string) {
		clearTimeout(this.#waiting.get(news)?.timer);
		this.#waiting.delete(news);
		this.#bids.delete(news);
	}
}
