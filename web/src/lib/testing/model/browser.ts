import { AsyncLocalStorage } from 'node:async_hooks';
import { IDBFactory } from 'fake-indexeddb';
import type { Clock } from './clock';
import type { Wire } from './wire';

/** Which page is running: whatever it begins goes on in its name, and nothing of it once it is gone. */
const running = new AsyncLocalStorage<Tab>();

/** One open page. */
export class Tab {
	readonly name: string;
	dead = false;
	offline = false;

	constructor(name: string) {
		this.name = name;
	}

	/** Runs something as the page's own; a page that is gone does nothing any more. */
	run<T>(work: () => T): T | undefined {
		return this.dead ? undefined : running.run(this, work);
	}
}

const never = new Promise<never>(() => {});
const nothing = () => never;
const LIMBO_STORE = {
	put: nothing,
	get: nothing,
	getAll: nothing,
	delete: nothing,
	index: () => LIMBO_STORE
};
/** What a page that is gone would have written. */
const LIMBO = { store: LIMBO_STORE, objectStore: () => LIMBO_STORE, done: never };

/** What a browser has for its pages together: storage, channels, locks. It outlives each of them. */
export class Browser {
	readonly #items = new Map<string, string>();
	readonly #databases = new IDBFactory();
	#channels: Channel[] = [];
	#locks: { name: string; tab: Tab; free: () => void; run: (() => void) | null }[] = [];
	#clock: Clock;
	#wire: Wire;

	constructor(clock: Clock, wire: Wire) {
		this.#clock = clock;
		this.#wire = wire;
	}

	/** What goes with a page: the locks that it held or waited for, and its channels. */
	buried(tab: Tab) {
		this.#channels = this.#channels.filter((one) => one.tab !== tab);
		for (const lock of this.#locks.filter((one) => one.tab === tab)) this.#release(lock);
	}

	/** What stands in for a browser's own, by its global name. */
	globals(): Record<string, unknown> {
		const items = this.#items;
		const alive = () => !running.getStore()?.dead;
		const clock = this.#clock;
		const page = { addEventListener: () => {}, visibilityState: 'visible', hasFocus: () => true };
		return {
			document: page,
			addEventListener: page.addEventListener,
			location: { origin: 'http://olha' },
			localStorage: {
				get length() {
					return items.size;
				},
				key: (index: number) => [...items.keys()][index] ?? null,
				getItem: (key: string) => items.get(key) ?? null,
				setItem: (key: string, value: string) => void (alive() && items.set(key, value)),
				removeItem: (key: string) => void (alive() && items.delete(key))
			},
			indexedDB: { open: (name: string, version: number) => this.#database(name, version) },
			navigator: { locks: { request: this.#request.bind(this) } },
			BroadcastChannel: this.#channelClass(),
			fetch: (path: string, init: { method?: string; body?: string }) =>
				this.#wire.fetch(running.getStore()!, path, init),
			setTimeout: (run: () => void, ms?: number) => {
				const tab = running.getStore();
				return clock.set(() => (tab ? tab.run(run) : run()), ms);
			},
			clearTimeout: (id?: number) => clock.clear(id)
		};
	}

	#database(name: string, version: number) {
		const tab = running.getStore();
		const request = this.#databases.open(name, version);
		request.addEventListener('success', () => {
			const db = request.result;
			const begin = db.transaction.bind(db);
			db.transaction = ((...wanted: Parameters<typeof begin>) =>
				tab?.dead ? LIMBO : begin(...wanted)) as typeof begin;
		});
		return request;
	}

	#channelClass() {
		const channels = () => this.#channels;
		const close = (channel: Channel) =>
			(this.#channels = this.#channels.filter((one) => one !== channel));
		const open = (channel: Channel) => this.#channels.push(channel);
		return class implements Channel {
			readonly tab = running.getStore()!;
			onmessage: Channel['onmessage'] = null;
			readonly name: string;

			constructor(name: string) {
				this.name = name;
				open(this);
			}

			postMessage(data: unknown) {
				if (this.tab.dead) return;
				const copy = JSON.stringify(data);
				for (const other of channels())
					if (other !== this && other.name === this.name)
						setImmediate(() =>
							other.tab.run(() => other.onmessage?.({ data: JSON.parse(copy) }))
						);
			}

			close() {
				close(this);
			}
		};
	}

	#request(name: string, { signal }: { signal?: AbortSignal }, run: () => unknown) {
		const tab = running.getStore()!;
		if (tab.dead) return never;
		return new Promise<void>((resolve, reject) => {
			const lock = {
				name,
				tab,
				free: resolve,
				run: (() => {
					lock.run = null;
					void Promise.resolve(tab.run(run)).then(() => this.#release(lock));
				}) as (() => void) | null
			};
			this.#locks.push(lock);
			signal?.addEventListener('abort', () => {
				if (!lock.run) return;
				this.#release(lock);
				reject(new DOMException('', 'AbortError'));
			});
			this.#grant(name);
		});
	}

	#release(lock: { name: string; free: () => void }) {
		this.#locks = this.#locks.filter((one) => one !== lock);
		lock.free();
		this.#grant(lock.name);
	}

	#grant(name: string) {
		const first = this.#locks.find((one) => one.name === name);
		if (first?.run) setImmediate(() => this.#locks.includes(first) && first.run?.());
	}
}

interface Channel {
	tab: Tab;
	name: string;
	onmessage: ((event: { data: unknown }) => void) | null;
}
