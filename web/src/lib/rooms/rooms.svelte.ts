import { SvelteMap } from 'svelte/reactivity';
import type { KeptRoom } from '$lib/cache/store';
import type { Place } from '$lib/protocol';
import { JoinedRoom, type RoomEnds } from './room.svelte';

/** At most so many rooms are named in a hello. */
const MOST_IN_HELLO = 500;

/** The rooms that the person is in. */
export class Rooms {
	#byId = new SvelteMap<number, JoinedRoom>();
	#ends: RoomEnds;
	#came: (roomId: number) => void;
	// How new a place must be for its room to be one that is not known yet: an answer may be older than what was heard.
	#toldUpTo = 0;
	#ended = new Map<number, number>();

	/** @param came called with each room into which the person has come since the connection's starting state */
	constructor(ends: RoomEnds, came: (roomId: number) => void) {
		this.#ends = ends;
		this.#came = came;
	}

	get(id: number): JoinedRoom | undefined {
		return this.#byId.get(id);
	}

	all(): JoinedRoom[] {
		return [...this.#byId.values()];
	}

	/** A place, as heard or answered: a new room, news of a known one, or the end of it. */
	take(place: Place): JoinedRoom | undefined {
		const room = this.#byId.get(place.roomId);
		if (!place.joined) {
			this.#ended.set(place.roomId, place.rev);
			this.#drop(place.roomId);
			return undefined;
		}
		if (room) room.takePlace(place);
		else if (place.rev > Math.max(this.#toldUpTo, this.#ended.get(place.roomId) ?? 0)) {
			this.#byId.set(place.roomId, new JoinedRoom(place, this.#ends));
			this.#came(place.roomId);
		}
		return this.#byId.get(place.roomId);
	}

	/** What is held of the rooms whose messages are held, for a hello. */
	held(): Record<string, number> {
		const looked = this.all().filter(({ timeline }) => timeline);
		for (const room of looked.slice(MOST_IN_HELLO)) room.forget();
		return Object.fromEntries(looked.slice(0, MOST_IN_HELLO).map(({ id, held }) => [id, held]));
	}

	/**
	 * The starting state of a new connection: these rooms, and no others.
	 * @param replayed those of which the server sends what was missed
	 * @param head the revision of the person's stream at which that is so
	 */
	welcome(places: readonly Place[], replayed: ReadonlySet<number>, head: number) {
		this.#toldUpTo = head;
		this.#ended.clear();
		const joined = new Set(places.map(({ roomId }) => roomId));
		for (const id of this.#byId.keys()) if (!joined.has(id)) this.#drop(id);
		for (const place of places) {
			const room = this.#byId.get(place.roomId);
			if (room) room.welcome(place, replayed.has(place.roomId));
			else this.#byId.set(place.roomId, new JoinedRoom(place, this.#ends));
		}
	}

	/** What was kept on this device. */
	restore(kept: readonly KeptRoom[]) {
		for (const one of kept) {
			const room = new JoinedRoom(one.place, this.#ends);
			room.restore(one);
			this.#byId.set(one.place.roomId, room);
		}
	}

	clear() {
		for (const id of this.#byId.keys()) this.#drop(id);
	}

	#drop(id: number) {
		this.#byId.get(id)?.close();
		this.#byId.delete(id);
	}
}
