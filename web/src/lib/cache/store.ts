import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Limits, Message, Person, Place, SavedMessage, ServerSettings } from '$lib/protocol';

/** What is held besides people and rooms, all of one moment. */
export interface KeptState {
	/** The build that wrote it: another one may understand it otherwise. */
	version: string;
	epoch: string;
	me: Person;
	settings: ServerSettings;
	limits: Limits;
	personRev: number;
	saved: SavedMessage[];
}

/** Everybody, at a revision of the server's stream. */
export interface KeptPeople {
	serverRev: number;
	people: Person[];
}

/** A room with its counts and, when they are held to the room's end, its newest messages: true at the revision `place.head`. */
export interface KeptRoom {
	place: Place;
	messages?: readonly Message[];
	hasBefore?: boolean;
	/** When it was last looked at, in ms. */
	at: number;
}

export interface Kept {
	state: KeptState;
	people: KeptPeople;
	rooms: KeptRoom[];
}

/** What has changed since it was kept the last time. */
export interface Changed {
	state: KeptState;
	people?: KeptPeople;
	rooms: readonly KeptRoom[];
	/** Rooms that the person is in no more. */
	gone: readonly number[];
}

/** A part says what it is a part of: pages of another build, and of a history that is no more, write beside this one. */
type Part<T> = T & { of: string };

interface Schema extends DBSchema {
	state: { key: number; value: KeptState };
	people: { key: number; value: Part<KeptPeople> };
	rooms: { key: [number, number]; value: Part<KeptRoom> };
}

const STORES = ['state', 'people', 'rooms'] as const;
const ofUser = (userId: number) => IDBKeyRange.bound([userId, -Infinity], [userId, Infinity]);
const nameOf = ({ version, epoch }: KeptState) => `${version} ${epoch}`;

/** What one person holds, kept on this device between visits. */
export class Cache {
	#userId: number;
	#db: Promise<IDBPDatabase<Schema> | null>;

	constructor(userId: number) {
		this.#userId = userId;
		// Where databases are forbidden, nothing is kept.
		this.#db = openDB<Schema>('olha-cache', 1, {
			upgrade(db) {
				for (const name of STORES) db.createObjectStore(name);
			}
		}).catch(() => null);
	}

	/** All of one history; null when there is nothing that this build wrote. */
	async load(version: string): Promise<Kept | null> {
		const db = await this.#db;
		if (!db) return null;
		const tx = db.transaction(STORES);
		const [state, people, rooms] = await Promise.all([
			tx.objectStore('state').get(this.#userId),
			tx.objectStore('people').get(this.#userId),
			tx.objectStore('rooms').getAll(ofUser(this.#userId))
		]);
		if (state?.version !== version) return null;
		const of = nameOf(state);
		return people?.of === of ? { state, people, rooms: rooms.filter((room) => room.of === of) } : null;
	}

	/** Keeps what has changed, all of it or nothing. */
	async keep({ state, people, rooms, gone }: Changed): Promise<void> {
		const db = await this.#db;
		if (!db) return;
		const of = nameOf(state);
		const tx = db.transaction(STORES, 'readwrite');
		await Promise.all([
			tx.objectStore('state').put(state, this.#userId),
			people && tx.objectStore('people').put({ ...people, of }, this.#userId),
			...rooms.map((room) =>
				tx.objectStore('rooms').put({ ...room, of }, [this.#userId, room.place.roomId])
			),
			...gone.map((roomId) => tx.objectStore('rooms').delete([this.#userId, roomId])),
			tx.done
		]);
	}

	/** Leaves nothing of the person's. */
	async clear(): Promise<void> {
		const db = await this.#db;
		if (!db) return;
		const tx = db.transaction(STORES, 'readwrite');
		await Promise.all([
			tx.objectStore('state').delete(this.#userId),
			tx.objectStore('people').delete(this.#userId),
			tx.objectStore('rooms').delete(ofUser(this.#userId)),
			tx.done
		]);
	}

	close() {
		void this.#db.then((db) => db?.close());
	}
}
