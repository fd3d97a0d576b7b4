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
