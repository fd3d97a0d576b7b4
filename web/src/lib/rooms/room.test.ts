import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { RoomServer } from '$lib/testing/room-server';
import type { Place } from '$lib/protocol';
import { JoinedRoom } from './room.svelte';

const ME = 1;
const ANA = 2;
const ENDS = { me: ME, changed: () => {}, purged: () => {}, loaded: () => {}, unheld: () => {} };

function join(server: RoomServer) {
	vi.stubGlobal('fetch', server.fetch);
	return new JoinedRoom(server.place(), ENDS);
}

/** What is held is the server's own, without a hole, and counted as the server counts. */
function agrees(room: JoinedRoom, server: RoomServer) {
	const timeline = room.timeline!;
	const [first, last] = [timeline.firstSeq || server.first, timeline.lastSeq];
	expect(first).toBeGreaterThanOrEqual(server.first);
	expect(timeline.messages).toEqual(server.messages.slice(first - 1, last));
	expect(timeline.hasAfter).toBe(last < server.messages.length);
	expect(timeline.hasBefore).toBe(first > server.first);
	expect(room.unread.count).toBe(server.unread());
	expect(room.unread.mentions).toBe(server.mentions());
	expect(room.unread.mark).toBe(server.mark);
}

afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

describe('a joined room', () => {
	test('shows its newest messages when it is looked at', async () => {
		const server = new RoomServer(ME);
		for (let i = 0; i < 70; i++) server.post(ANA);
		const room = join(server);

		void room.look().open();
		await server.flush();

		expect(room.timeline!.firstSeq).toBe(21);
		expect(room.timeline!.hasBefore).toBe(true);
		agrees(room, server);
	});

	test('keeps what was heard while a page was on its way', async () => {
		const server = new RoomServer(ME);
		for (let i = 0; i < 60; i++) server.post(ANA);
		const room = join(server);
		server.live.length = 0;

		void room.look().open();
		server.edit(60);
		server.post(ANA);
		for (const change of server.live) room.receive(change);
		await server.flush();

		expect(room.timeline!.lastSeq).toBe(61);
		expect(room.timeline!.at(60)!.body).toBe('message 60!');
		agrees(room, server);
	});

	test('fetches what lies between two changes, once', async () => {
		const server = new RoomServer(ME);
		server.post(ANA);
		const room = join(server);
		void room.look().open();
		await server.flush();
		server.live.length = 0;
		for (let i = 0; i < 4; i++) server.post(ANA);
		const fetches = vi.fn(server.fetch);
		vi.stubGlobal('fetch', fetches);

		room.receive(server.live[2]!);
		room.receive(server.live[3]!);
		await server.flush();

		expect(fetches).toHaveBeenCalledTimes(1);
		agrees(room, server);
	});

	test('knows until when one waits in slow mode', async () => {
		vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 12, 1, 10), toFake: ['Date'] });
		const server = new RoomServer(ME);
		const room = join(server);
		expect(room.pace.until(30)).toBeLessThan(Date.now());

		// Said at 12:01, as the server's clock has it.
		room.receive(server.post(ME));
		expect(room.pace.until(30)).toBe(Date.UTC(2026, 0, 1, 12, 1, 30));
		expect(room.pace.until(undefined)).toBe(0);
		// From the future, when this device's clock is behind: the whole wait begins now.
		room.receive(server.post(ME));
		expect(room.pace.until(30)).toBe(Date.now() + 30_000);
		room.pace.refused(45_000);
		expect(room.pace.until(30)).toBe(Date.now() + 45_000);
	});

	test('knows whether the person moderates it', () => {
		const server = new RoomServer(ME);
		const room = join(server);
		expect(room.moderator).toBe(false);
		room.takePlace({ ...server.read(0), moderator: true });
		expect(room.moderator).toBe(true);
		expect(room.kept()!.place.moderator).toBe(true);
		room.takePlace(server.read(0));
		expect(room.moderator).toBe(false);
	});

	test('begins anew around what is looked at when too much was missed', async () => {
		const server = new RoomServer(ME);
		for (let i = 0; i < 200; i++) server.post(ANA);
		const room = join(server);
		void room.look().open();
		await server.flush();
		for (let i = 0; i < 200; i++) server.post(ANA);

		room.welcome(server.place(), true);
		room.behind(server.head, 180);
		await server.flush();

		expect(room.timeline!.holds(180)).toBe(true);
		expect(room.timeline!.hasAfter).toBe(true);
		agrees(room, server);
	});

	test('lets its messages go when too much was missed and nobody looks', async () => {
		const server = new RoomServer(ME);
		server.post(ANA);
		const room = join(server);
		void room.look().open();
		await server.flush();

		room.behind(900, null);

		expect(room.timeline).toBeUndefined();
	});

	test('counts right however much is said while nobody reads', async () => {
		const server = new RoomServer(ME);
		const room = join(server);
		for (let i = 0; i < 1200; i++) {
			room.receive(server.post(ANA, undefined, i % 10 === 0 ? [ME] : undefined));
			if (i % 100 === 99) await server.flush();
		}
		await server.flush();

		expect(room.unread.count).toBe(1200);
		expect(room.unread.mentions).toBe(120);
	});

	test('drops what the room no longer keeps, and counts it no more', async () => {
		const server = new RoomServer(ME);
		for (let i = 0; i < 10; i++) server.post(ANA);
		const room = join(server);
		void room.look().open();
		await server.flush();
		server.live.length = 0;

		for (let i = 0; i < 3; i++) server.post(ANA);
		server.purge(12);
		server.post(ANA);
		// Only the last one is heard: what lies between is fetched, and of that the first two are gone.
		room.receive(server.live.at(-1)!);
		await server.flush();

		expect(room.timeline!.messages.map(({ seq }) => seq)).toEqual([12, 13, 14]);
		agrees(room, server);
	});

	// Seed 670512280 of the test below.
	test.each([
		['before', 78],
		['after', 78],
		['before', 70],
		['after', 70]
	])(
		'goes to its end when all that it looks at is purged: %s that has come, up to %i',
		async (when, first) => {
			const server = new RoomServer(ME);
			for (let i = 0; i < 77; i++) server.post(ANA);
			const room = join(server);
			void room.look().open();
			await server.flush();
			server.live.length = 0;

			void room.timeline!.open(1);
			if (when === 'after') await server.flush();
			server.purge(first);
			for (const change of server.live) room.receive(change);
			await server.flush();

			expect(room.timeline!.lastSeq).toBe(77);
			agrees(room, server);
		}
	);

	test('agrees with the server after any loss, doubling and delay', async () => {
		const step = fc.record({
			what: fc.constantFrom(
				'post',
				'mine',
				'named',
				'reply',
				'edit',
				'rename',
				'react',
				'delete',
				'purge',
				'read',
				'place',
				'lose',
				'double',
				'hear',
				'flush',
				'before',
				'after',
				'jump',
				'again',
				'reopen'
			),
			at: fc.integer({ min: 1, max: 90 })
		});
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 0, max: 80 }),
				fc.array(step, { maxLength: 60, size: 'max' }),
				async (posted, steps) => {
					const server = new RoomServer(ME);
					for (let i = 0; i < posted; i++)
						server.post(
							i % 3 === 0 ? ME : ANA,
							undefined,
							i % 7 === 0 ? [ME] : undefined,
							i % 5 ? undefined : i
						);
					server.live.length = 0;
					let room = join(server);
					void room.look().open();
					// Heard on the person's stream: apart from the room's, so before it or after it.
					const places: Place[] = [];

					for (const { what, at } of steps) {
						if (what === 'post') server.post(ANA);
						if (what === 'mine') server.post(ME);
						if (what === 'named') server.post(ANA, undefined, at % 2 ? [ME] : [0, ME]);
						if (what === 'reply') server.post(ANA, undefined, undefined, at);
						if (what === 'edit') server.edit(at);
						if (what === 'rename') server.edit(at, at % 3 ? [ME] : [ANA]);
						if (what === 'react') server.react(at, ANA);
						if (what === 'delete') server.delete(at);
						if (what === 'purge') server.purge(at);
						if (what === 'read') places.push(server.read(at));
						if (what === 'place' && places[0]) room.takePlace(places.shift()!);
						if (what === 'lose') server.live.shift();
						if (what === 'double' && server.live[0]) room.receive(server.live[0]);
						if (what === 'hear')
							for (const change of server.live.splice(0, 3)) room.receive(change);
						if (what === 'flush') await server.flush();
						if (what === 'before') void room.timeline!.loadBefore();
						if (what === 'after') void room.timeline!.loadAfter();
						if (what === 'jump') void room.timeline!.open(Math.min(at, server.messages.length));
						// A new connection: what was on its way is lost, and the server brings what is missing.
						if (what === 'again') {
							server.live.length = places.length = 0;
							const held = room.held;
							room.welcome(server.place(), true);
							if (server.head > held) room.splice(server.changesAfter(held));
						}
						// The page is opened anew with what this device kept, and then there is a connection.
						const kept = what === 'reopen' ? structuredClone(room.kept()) : null;
						if (kept) {
							server.live.length = places.length = 0;
							room.close();
							room = new JoinedRoom(kept.place, ENDS);
							room.restore(kept);
							const held = room.held;
							room.welcome(server.place(), kept.messages !== undefined);
							if (kept.messages && server.head > held) room.splice(server.changesAfter(held));
							if (!room.look().opened) void room.look().open();
						}
					}

					for (const change of server.live) room.receive(change);
					for (const place of places) room.takePlace(place);
					room.reach(server.head);
					await server.flush();
					agrees(room, server);
					room.close();
				}
			),
			{ numRuns: 1000 }
		);
	}, 60_000);
});
