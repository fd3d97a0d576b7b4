import { Cache, type Kept, type KeptPeople, type KeptRoom, type KeptState } from './store';

/** What comes within this time is kept together. */
const GATHER_MS = 800;

/** Rooms whose messages are kept: those looked at last. */
const MOST_ROOMS = 50;

/** What is to be kept, as it is now. */
export interface Source {
	/** Null while there is nothing worth keeping. */
	state: () => KeptState | null;
	people: () => KeptPeople;
	/** All rooms; one whose parts are not of one moment right now is kept another time. */
	rooms: () => readonly { id: number; kept: () => KeptRoom | null }[];
}

/** Keeps what is held on this device, a moment after it has changed and when the page goes. */
export class Keeper {
	#cache: Cache;
	#source: Source;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#keeping: Promise<void> = Promise.resolve();
	#keptRooms = new Map<number, string>();
	#keptPeople = -1;
	#closed = false;

	constructor(userId: number, source: Source) {
		this.#cache = new Cache(userId);
		this.#source = source;
	}

	load(version: string): Promise<Kept | null> {
		return this.#cache.load(version).catch(() => null);
	}

	/** Something has changed. */
	changed() {
		if (!this.#closed) this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
	}

	/**
	 * Keeps now what has changed: the page may be gone in a moment. Without need nothing is written: a page that a
	 * browser sets aside in the middle of it holds up the next one, which waits to read.
	 */
	flush() {
		if (this.#timer === undefined) return;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#keeping = this.#keeping.then(() => this.#keep()).catch(() => {});
	}

	/** Another history: what was kept is of no use any more. */
	forget() {
		this.#keptRooms.clear();
		this.#keptPeople = -1;
		this.#keeping = this.#keeping.then(() => this.#cache.clear()).catch(() => {});
	}

	/** Keeps nothing more: what follows may be that the person's traces are removed from this device. */
	close() {
		clearTimeout(this.#timer);
		this.#closed = true;
		void this.#keeping.then(() => this.#cache.close());
	}

	async #keep() {
		const state = this.#closed ? null : this.#source.state();
		if (!state) return;
		const people = this.#source.people();
		const all = this.#source.rooms();
		const rooms = bounded(all.flatMap((room) => room.kept() ?? []));
		const changed = rooms.filter((room) => this.#keptRooms.get(room.place.roomId) !== keyOf(room));
		const ids = new Set(all.map(({ id }) => id));
		const gone = [...this.#keptRooms.keys()].filter((id) => !ids.has(id));
		await this.#cache.keep({
			state,
			people: people.serverRev === this.#keptPeople ? undefined : people,
			rooms: changed,
			gone
		});
		this.#keptPeople = people.serverRev;
		for (const room of changed) this.#keptRooms.set(room.place.roomId, keyOf(room));
		for (const id of gone) this.#keptRooms.delete(id);
	}
}

/** Messages of the rooms that were looked at last, and of the others only how they stand. */
function bounded(rooms: readonly KeptRoom[]): KeptRoom[] {
	const latest = new Set(
		rooms
			.filter(({ messages }) => messages)
			.sort((a, b) => b.at - a.at)
			.slice(0, MOST_ROOMS)
	);
	return rooms.map((room) => (latest.has(room) ? room : { place: room.place, at: room.at }));
}

/** Another one whenever something of the room is another. */
function keyOf({ place, messages }: KeptRoom): string {
	return [place.head, place.rev, place.mark, place.unread, messages?.[0]?.seq, messages?.length].join();
}
