import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Ack, Message, Post, Refused } from '$lib/protocol';
import { newCid } from './cid';
import { Outbox } from './outbox.svelte';
import { Keys, openStore, type Kept, type OutboxStore } from './store';

const ME = 1;
const ROOM = 7;

/** The other end of the wire: what was said, and whether anybody listens. */
class Wire {
	online = true;
	posts: Post[] = [];
	send = (post: Post) => {
		if (this.online) this.posts.push(post);
		return this.online;
	};
	bodies = () => this.posts.map(({ body }) => body);
}

const ack = (post: Post, seq = 1): Ack => ({
	type: 'ack',
	cid: post.cid!,
	roomId: post.roomId,
	id: seq,
	seq,
	createdAt: '',
	duplicate: false
});
const refused = (post: Post, code: Refused['code'], retryAfterMs?: number): Refused => ({
	type: 'refused',
	of: 'post',
	cid: post.cid,
	roomId: post.roomId,
	code,
	detail: '',
	retry: retryAfterMs !== undefined,
	retryAfterMs
});

let store: OutboxStore;
const open: Outbox[] = [];

function outboxOn(wire: Wire, userId = ME) {
	const outbox = new Outbox(userId, Promise.resolve(store), wire.send);
	open.push(outbox);
	return outbox;
}

beforeEach(async () => {
	store = await openStore();
	await store.clear(ME);
	await store.clear(2);
});

afterEach(() => {
	vi.useRealTimers();
	for (const outbox of open.splice(0)) outbox.close();
});

describe('the outbox', () => {
	test('says one message of a room at a time, in the order in which they were written', async () => {
		const wire = new Wire();
		const outbox = outboxOn(wire);
		for (const body of ['one', 'two', 'three']) void outbox.post(ROOM, body);
		void outbox.post(8, 'elsewhere');
		expect(wire.bodies()).toEqual(['one', 'elsewhere']);

		outbox.stored(ack(wire.posts[0]!));
		expect(wire.bodies()).toEqual(['one', 'elsewhere', 'two']);
		expect(outbox.in(ROOM).map(({ state }) => state)).toEqual(['stored', 'sending', 'waiting']);
	});

	test('keeps what is written while the server is down, and says it once it is back', async () => {
		const wire = new Wire();
		wire.online = false;
		const outbox = outboxOn(wire);
		await outbox.post(ROOM, 'later');
		expect(outbox.waiting).toBe(1);

		wire.online = true;
		outbox.resume();
		outbox.resume();

		expect(wire.bodies()).toEqual(['later']);
	});

	test('says again, with the same cid, what had no answer', async () => {
		const wire = new Wire();
		const outbox = outboxOn(wire);
		await outbox.post(ROOM, 'lost?');

		outbox.interrupt();
		outbox.resume();

		expect(wire.posts).toHaveLength(2);
		expect(wire.posts[1]!.cid).toBe(wire.posts[0]!.cid);
	});

	test('survives a reload, and is let go by the acknowledgement', async () => {
		const wire = new Wire();
		wire.online = false;
		const before = outboxOn(wire);
		await before.post(ROOM, 'one');
		await before.post(ROOM, 'two');
		before.close();

		wire.online = true;
		const after = outboxOn(wire);
		await after.restore();
		expect(wire.bodies()).toEqual(['one']);
		after.stored(ack(wire.posts[0]!, 1));
		after.stored(ack(wire.posts[1]!, 2));

		expect(wire.bodies()).toEqual(['one', 'two']);
		await vi.waitFor(async () => expect(await store.load(ME)).toEqual([]));
	});

	test("is one person's", async () => {
		const wire = new Wire();
		wire.online = false;
		await outboxOn(wire).post(ROOM, 'mine');

		const hers = outboxOn(wire, 2);
		await hers.restore();

		expect(hers.waiting).toBe(0);
	});

	test('waits as long as the server says, then tries the same again', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const wire = new Wire();
		const outbox = outboxOn(wire);
		void outbox.post(ROOM, 'fast');
		void outbox.post(ROOM, 'faster');
		outbox.refused(refused(wire.posts[0]!, 'too_fast', 3000));

		vi.advanceTimersByTime(2999);
		expect(wire.bodies()).toEqual(['fast']);
		vi.advanceTimersByTime(1);
		expect(wire.bodies()).toEqual(['fast', 'fast']);
		expect(wire.posts[1]!.cid).toBe(wire.posts[0]!.cid);
	});

	test('keeps what was refused for good until the person decides, and lets the next one pass', async () => {
		const wire = new Wire();
		const outbox = outboxOn(wire);
		void outbox.post(ROOM, 'too much');
		void outbox.post(ROOM, 'next');
		outbox.refused(refused(wire.posts[0]!, 'too_long'));

		const [failed, next] = outbox.in(ROOM);
		expect([failed!.state, failed!.refusal!.code, next!.state]).toEqual([
			'failed',
			'too_long',
			'sending'
		]);
		expect(outbox.waiting).toBe(1);

		await outbox.retry(failed!);
		outbox.stored(ack(wire.posts[1]!));
		expect(wire.bodies()).toEqual(['too much', 'next', 'too much']);

		outbox.delete(failed!);
		expect(outbox.in(ROOM).map(({ body }) => body)).toEqual(['next']);
	});

	test('gives a message whose cid belongs to another a new one', async () => {
		const wire = new Wire();
		const outbox = outboxOn(wire);
		void outbox.post(ROOM, 'twin');
		outbox.refused(refused(wire.posts[0]!, 'conflict'));

		await outbox.retry(outbox.in(ROOM)[0]!);

		expect(wire.bodies()).toEqual(['twin', 'twin']);
		expect(wire.posts[1]!.cid).not.toBe(wire.posts[0]!.cid);
	});

	test('hands its row over to the message that arrived, before or after the acknowledgement', async () => {
		const wire = new Wire();
		const outbox = outboxOn(wire);
		void outbox.post(ROOM, 'one');
		const [post] = wire.posts;
		const message: Message = { ...ack(post!), rev: 1, authorId: ME, kind: 'text', body: 'one' };

		outbox.arrived({ ...message, authorId: 2 });
		outbox.settle(ROOM, () => true);
		expect(outbox.in(ROOM)).toHaveLength(1);

		outbox.arrived(message);
		outbox.settle(ROOM, () => false);
		expect(outbox.in(ROOM)).toHaveLength(1);
		outbox.stored(ack(post!));
		outbox.settle(ROOM, () => true);
		expect(outbox.in(ROOM)).toEqual([]);
	});

	test('keeps the row of a stored message until the room shows it', async () => {
		const wire = new Wire();
		const outbox = outboxOn(wire);
		void outbox.post(ROOM, 'one');
		outbox.stored(ack(wire.posts[0]!, 12));

		outbox.settle(ROOM, (seq) => seq <= 11);
		expect(outbox.in(ROOM)).toHaveLength(1);
		outbox.settle(ROOM, (seq) => seq <= 12);
		expect(outbox.in(ROOM)).toEqual([]);
	});

	test('leaves nothing behind when the person signs out', async () => {
		const wire = new Wire();
		wire.online = false;
		const outbox = outboxOn(wire);
		await outbox.post(ROOM, 'secret');

		await outbox.clear();

		expect(outbox.waiting).toBe(0);
		expect(await store.load(ME)).toEqual([]);
	});
});

test('a browser without databases keeps a key a message', async () => {
	const items = new Map<string, string>([['somebody-elses', '{}']]);
	const keys = new Keys({
		get length() {
			return items.size;
		},
		key: (index) => [...items.keys()][index] ?? null,
		getItem: (key) => items.get(key) ?? null,
		setItem: (key, value) => void items.set(key, value),
		removeItem: (key) => void items.delete(key)
	});
	const kept: Kept = { cid: 'a', userId: ME, roomId: ROOM, body: 'olá', at: 1, tab: 't' };

	await keys.put(kept);
	await keys.put({ ...kept, cid: 'b', userId: 2 });

	expect(await keys.load(ME)).toEqual([kept]);
	await keys.clear(ME);
	expect(await keys.load(ME)).toEqual([]);
	expect(await keys.load(2)).toHaveLength(1);
});

test('a cid is what the server takes, and new every time', () => {
	const cids = Array.from({ length: 1000 }, newCid);

	for (const cid of cids) expect(cid).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
	expect(new Set(cids).size).toBe(1000);
});
