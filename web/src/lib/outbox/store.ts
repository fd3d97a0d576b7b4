import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { remember } from '$lib/ui/memory';

const PREFIX = 'olha.unsent.';

/** A message that has not been acknowledged yet, as it is kept on this device. */
export interface Kept {
	cid: string;
	userId: number;
	roomId: number;
	body: string;
	/** The message that it answers. */
	replyToSeq?: number;
	/** When it was written, in ms; the order within a room. */
	at: number;
	/** The open page that sends it. */
	tab: string;
	/** Why it was refused for good; absent: still to be sent. */
	refusal?: { code: string; detail: string; params?: Readonly<Record<string, number>> };
}

/** Where unsent messages survive a reload. */
export interface OutboxStore {
	load(userId: number): Promise<Kept[]>;
	put(kept: Kept): Promise<void>;
	remove(cid: string): Promise<void>;
	clear(userId: number): Promise<void>;
}

/**
 * Writes a message down at once, until {@link OutboxStore.put} has: a database takes a moment, in which the page may go.
 * Where this storage is forbidden, nothing is.
 */
export function jot(kept: Kept) {
	remember(PREFIX + kept.cid, JSON.stringify(kept));
}

function jottedBy(userId: number): Kept[] {
	try {
		return new Keys(localStorage).of(userId);
	} catch {
		return [];
	}
}

interface Schema extends DBSchema {
	unsent: { key: string; value: Kept; indexes: { byUser: number } };
}

class Database implements OutboxStore {
	#db: IDBPDatabase<Schema>;

	constructor(db: IDBPDatabase<Schema>) {
		this.#db = db;
	}

	async load(userId: number) {
		const [jotted, kept] = [jottedBy(userId), await this.#db.getAllFromIndex('unsent', 'byUser', userId)];
		return [...kept, ...jotted.filter(({ cid }) => !kept.some((one) => one.cid === cid))];
	}

	async put(kept: Kept) {
		await this.#db.put('unsent', kept);
		remember(PREFIX + kept.cid, null);
	}

	async remove(cid: string) {
		remember(PREFIX + cid, null);
		await this.#db.delete('unsent', cid);
	}

	async clear(userId: number) {
		for (const { cid } of jottedBy(userId)) remember(PREFIX + cid, null);
		const tx = this.#db.transaction('unsent', 'readwrite');
		for (const cid of await tx.store.index('byUser').getAllKeys(userId)) await tx.store.delete(cid);
		await tx.done;
	}
}

/** The simpler store of browsers that forbid databases: a key a message; memory when even that is forbidden. */
export class Keys implements OutboxStore {
	#storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

	constructor(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>) {
		this.#storage = storage;
	}

	async load(userId: number) {
		return this.of(userId);
	}

	of(userId: number): Kept[] {
		return this.#all().filter((kept) => kept.userId === userId);
	}

	async put(kept: Kept) {
		this.#storage.setItem(PREFIX + kept.cid, JSON.stringify(kept));
	}

	async remove(cid: string) {
		this.#storage.removeItem(PREFIX + cid);
	}

	async clear(userId: number) {
		for (const kept of await this.load(userId)) await this.remove(kept.cid);
	}

	#all(): Kept[] {
		return Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index))
			.filter((key) => key?.startsWith(PREFIX))
			.map((key) => JSON.parse(this.#storage.getItem(key!)!) as Kept);
	}
}

/** The best store that this browser allows. */
export async function openStore(): Promise<OutboxStore> {
	try {
		return new Database(
			await openDB<Schema>('olha', 1, {
				upgrade: (db) =>
					db.createObjectStore('unsent', { keyPath: 'cid' }).createIndex('byUser', 'userId')
			})
		);
	} catch {
		try {
			localStorage.setItem(`${PREFIX}probe`, '');
			localStorage.removeItem(`${PREFIX}probe`);
			return new Keys(localStorage);
		} catch {
			return new Keys(new MemoryStorage());
		}
	}
}

/** Lives as long as the page. */
class MemoryStorage {
	#items = new Map<string, string>();

	get length() {
		return this.#items.size;
	}

	key(index: number) {
		return [...this.#items.keys()][index] ?? null;
	}

	getItem(key: string) {
		return this.#items.get(key) ?? null;
	}

	setItem(key: string, value: string) {
		this.#items.set(key, value);
	}

	removeItem(key: string) {
		this.#items.delete(key);
	}
}
