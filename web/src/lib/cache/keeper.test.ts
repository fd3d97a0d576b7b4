import 'fake-indexeddb/auto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Person, Place } from '$lib/protocol';
import { Keeper } from './keeper';
import { Cache, type KeptRoom, type KeptState } from './store';

const VERSION = 'build 1';
const ANA: Person = {
	id: 1,
	username: 'ana',
	displayName: 'Ana',
	color: '#112233',
	role: 'owner',
	rev: 1
};

let users = 0;
const open: { close: () => void }[] = [];

function state(other: Partial<KeptState> = {}): KeptState {
	return {
		version: VERSION,
		epoch: 'e',
		me: ANA,
		settings: {
			name: 'Olha',
			receipts: false,
			rev: 0,
			registration: 'open' as const,
			messageLength: 4000,
			messagesPerMinute: 300
		},
		limits: { messageLength: 4000, messagesPerSecond: 5, messageBurst: 20, frameBytes: 65536 },
		personRev: 1,
		saved: [],
		...other
	};
}

function room(id: number, head: number, messages?: KeptRoom['messages'], at = 0) {
	const place: Place = {
		roomId: id,
		joined: true,
		mark: 0,
		unread: 0,
		mentions: 0,
		lastSeq: 0,
		head,
		rev: 1,
		level: 'mentions'
	};
	return { id, kept: (): KeptRoom | null => ({ place, messages, hasBefore: false, at }) };
}

function keeper(userId: number, rooms: () => ReturnType<typeof room>[]) {
	const made = new Keeper(userId, {
		state: () => state(),
		people: () => ({ serverRev: 1, people: [ANA] }),
		rooms
	});
	open.push(made);
	return made;
}

function keep(one: Keeper) {
	one.changed();
	one.flush();
}

/** As another page finds it. */
async function found(userId: number, holds: (kept: Awaited<ReturnType<Cache['load']>>) => boolean) {
	const cache = new Cache(userId);
	open.push(cache);
	for (;;) {
		const kept = await cache.load(VERSION);
		if (holds(kept)) return kept;
		await new Promise((resolve) => setImmediate(resolve));
	}
}

afterEach(() => {
	for (const one of open.splice(0)) one.close();
});

describe('what is kept on this device', () => {
	test('is found again as it was', async () => {
		const userId = ++users;
		keep(keeper(userId, () => [room(7, 3)]));

		const kept = await found(userId, (it) => it !== null);

		expect(kept!.state).toEqual(state());
		expect(kept!.people.people).toEqual([ANA]);
		expect(kept!.rooms.map(({ place }) => [place.roomId, place.head])).toEqual([[7, 3]]);
	});

	test('is of no use to another build, and not seen by another person', async () => {
		const [userId, other] = [++users, ++users];
		keep(keeper(userId, () => [room(7, 3)]));
		await found(userId, (it) => it !== null);
		const cache = new Cache(userId);
		open.push(cache);

		expect(await cache.load('build 2')).toBeNull();
		expect(await keeper(other, () => []).load(VERSION)).toBeNull();
	});

	test.each([
		['another build', { version: 'build 0' }],
		['a history that is no more', { epoch: 'd' }]
	])('holds nothing of what a page of %s keeps beside it', async (_, other) => {
		const userId = ++users;
		let rooms = [room(7, 3), room(8, 1)];
		const one = keeper(userId, () => rooms);
		keep(one);
		await found(userId, (it) => it?.rooms.length === 2);
		const cache = new Cache(userId);
		open.push(cache);
		await cache.keep({ state: state(other), rooms: [room(8, 9).kept()!], gone: [] });

		rooms = [room(7, 4), room(8, 1)];
		keep(one);

		const kept = await found(userId, (it) => it?.state.epoch === 'e');
		expect(kept!.rooms.map(({ place }) => [place.roomId, place.head])).toEqual([[7, 4]]);
		await cache.keep({ state: state(other), people: { serverRev: 1, people: [] }, rooms: [], gone: [] });
		await cache.keep({ state: state(), rooms: [], gone: [] });
		expect(await cache.load(VERSION)).toBeNull();
	});

	test('follows what changes, and forgets a room that was left', async () => {
		const userId = ++users;
		let rooms = [room(7, 3), room(8, 1)];
		const one = keeper(userId, () => rooms);
		keep(one);
		await found(userId, (it) => it?.rooms.length === 2);

		rooms = [room(7, 4)];
		keep(one);

		const kept = await found(userId, (it) => it?.rooms.length === 1);
		expect(kept!.rooms[0]!.place.head).toBe(4);
	});

	test('leaves a room as it was while its parts are not of one moment', async () => {
		const userId = ++users;
		let rooms = [room(7, 3), room(8, 1)];
		const one = keeper(userId, () => rooms);
		keep(one);
		await found(userId, (it) => it?.rooms.length === 2);

		rooms = [{ id: 7, kept: () => null }, room(8, 2)];
		keep(one);

		const kept = await found(userId, (it) => it?.rooms.some(({ place }) => place.head === 2) ?? false);
		expect(kept!.rooms.map(({ place }) => place.head)).toEqual([3, 2]);
	});

	test('is the messages of the rooms looked at last, and how the others stand', async () => {
		const userId = ++users;
		const rooms = Array.from({ length: 60 }, (_, at) => room(at + 1, 1, [], at));
		keep(keeper(userId, () => rooms));

		const kept = await found(userId, (it) => it?.rooms.length === 60);

		const withMessages = kept!.rooms.filter(({ messages }) => messages).map(({ place }) => place.roomId);
		expect(withMessages.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at + 11));
	});

	test('is gone when another history begins, and nothing more is kept once it is closed', async () => {
		const userId = ++users;
		const one = keeper(userId, () => [room(7, 3)]);
		keep(one);
		await found(userId, (it) => it !== null);

		one.forget();
		await found(userId, (it) => it === null);
		keep(one);
		await found(userId, (it) => it !== null);
		const cache = new Cache(userId);
		open.push(cache);
		one.close();
		await cache.clear();
		keep(one);
		await new Promise((resolve) => setImmediate(resolve));

		expect(await cache.load(VERSION)).toBeNull();
	});
});
