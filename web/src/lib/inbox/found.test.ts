import { expect, test } from 'vitest';
import type { Message } from '$lib/protocol';
import { Found } from './found.svelte';

const PAGE = 3;

/** A list as the server keeps it: ids, the newest first, in pages. */
function listOf(...ids: number[]) {
	const server = { ids, asked: 0 };
	const found = new Found(
		async (before = Infinity) => {
			server.asked++;
			const below = [...server.ids].sort((a, b) => b - a).filter((id) => id < before);
			const page = below.slice(0, PAGE);
			return {
				messages: page.map((id) => ({ id }) as Message),
				next: below.length > PAGE ? page.at(-1) : undefined
			};
		},
		() => {}
	);
	return { server, found, ids: () => found.messages.map(({ id }) => id) };
}

test('pages are put below each other until there are none', async () => {
	const { found, ids } = listOf(1, 2, 3, 4, 5, 6, 7);
	await found.refresh(true);
	expect(ids()).toEqual([7, 6, 5]);
	await found.more();
	await found.more();
	expect(ids()).toEqual([7, 6, 5, 4, 3, 2, 1]);
	expect(found.hasMore).toBe(false);
});

test('news comes on top, and what is held further down stays', async () => {
	const { server, found, ids } = listOf(1, 2, 3, 4, 5, 6, 7);
	await found.refresh(true);
	await found.more();
	server.ids.push(8);
	server.asked = 0;
	await found.refresh(false);
	expect(ids()).toEqual([8, 7, 6, 5, 4, 3, 2]);
	expect(server.asked).toBe(1);
	await found.more();
	expect(ids()).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
});

test('so much news that a page does not reach what is held leaves no hole', async () => {
	const { server, found, ids } = listOf(1, 2, 3, 4);
	await found.refresh(true);
	server.ids.push(5, 6, 7, 8, 9, 10, 11);
	await found.refresh(false);
	await found.more();
	await found.more();
	expect(ids()).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
	expect(found.hasMore).toBe(false);
});

test('asked for as a whole, what is gone is gone from every page', async () => {
	const { server, found, ids } = listOf(1, 2, 3, 4, 5, 6, 7, 8);
	await found.refresh(true);
	await found.more();
	server.ids = [1, 2, 5, 7, 8];
	await found.refresh(true);
	expect(ids()).toEqual([8, 7, 5, 2, 1]);
	server.ids = [];
	await found.refresh(true);
	expect(ids()).toEqual([]);
	expect(found.hasMore).toBe(false);
});

test('what is heard comes in its place, changes and leaves, and leaves no hole', async () => {
	const { server, found, ids } = listOf(2, 4, 6, 8, 10, 12);
	const heard = (id: number, rev: number) => ({ id, rev }) as Message;
	await found.refresh(true);
	expect(ids()).toEqual([12, 10, 8]);
	found.hear(heard(9, 1), true);
	found.hear(heard(13, 1), true);
	found.hear(heard(10, 1), false);
	// Below what has been asked for, and what was none of them before.
	found.hear(heard(3, 1), true);
	found.hear(heard(11, 1), false);
	// An older form than the one that is held.
	found.hear(heard(9, 0), false);
	await found.more();
	expect(ids()).toEqual([13, 12, 9, 8, 6, 4, 2]);

	server.ids.push(13, 14, 15, 16, 17, 18);
	found.hear(heard(18, 1), true);
	await found.refresh(false);
	expect(ids()).toEqual([18, 17, 16, 15, 14, 13, 12, 10, 8, 6, 4, 2]);
});

test('a page that did not come leaves what stands, and is asked for again', async () => {
	const { server, found, ids } = listOf(1, 2);
	await found.refresh(true);
	const { ids: kept } = server;
	server.ids = undefined as never;
	await found.refresh(true);
	expect(found.failure).toBeInstanceOf(Error);
	expect(ids()).toEqual([2, 1]);
	server.ids = kept;
	await found.refresh(true);
	expect(found.failure).toBe(null);
});
