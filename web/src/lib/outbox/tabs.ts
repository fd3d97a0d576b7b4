import type { Kept } from './store';

/** What one open page tells the others of the same person. */
export type News =
	{ kept: Kept } | { gone: string; /** Where it was stored; absent: it was deleted. */ seq?: number };

/**
 * The person's other open pages. Each page sends what was written in it, and takes over what a closed one left behind.
 * Where the browser cannot tell whether a page is still open, every page sends everything: the server knows each
 * message by its cid, so that is merely more work.
 */
export class Tabs {
	readonly me = crypto.getRandomValues(new Uint32Array(2)).join('-');
	#channel: BroadcastChannel | undefined;
	#locks: LockManager | undefined;
	#closed = new AbortController();
	#watched = new Set<string>();

	constructor(userId: number, hear: (news: News) => void) {
		this.#locks = globalThis.navigator?.locks;
		if (typeof BroadcastChannel === 'function') {
			this.#channel = new BroadcastChannel(`olha-outbox-${userId}`);
			this.#channel.onmessage = ({ data }: MessageEvent<News>) => hear(data);
		}
		// Held until the page is gone, which is how the others know.
		this.#hold(this.me, () => new Promise(() => {}));
	}

	/** Tells the other pages. */
	tell(news: News) {
		this.#channel?.postMessage(news);
	}

	/** Calls back once the page is known to be closed, however often this is asked; at once where that cannot be known. */
	whenClosed(tab: string, then: () => void) {
		if (tab === this.me || this.#watched.has(tab)) return;
		if (!this.#locks) return then();
		this.#watched.add(tab);
		this.#hold(tab, () => {
			this.#watched.delete(tab);
			then();
		});
	}

	close() {
		this.#closed.abort();
		this.#channel?.close();
	}

	#hold(tab: string, held: () => unknown) {
		const closing = new Promise<void>((resolve) =>
			this.#closed.signal.addEventListener('abort', () => resolve())
		);
		this.#locks
			?.request(`olha-tab-${tab}`, { signal: this.#closed.signal }, () =>
				Promise.race([held(), closing])
			)
			// Waiting for the lock ends with the page or the session.
			.catch((failure: DOMException) => {
				if (failure.name !== 'AbortError') throw failure;
			});
	}
}
