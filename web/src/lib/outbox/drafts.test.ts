import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UnreachableError } from '$lib/http/request';
import type { Place, RoomDraft } from '$lib/protocol';
import { Drafts } from './drafts.svelte';

const ME = 1;
const ROOM = 7;
const PAUSE_MS = 1_500;
const AGAIN_MS = 10_000;

const draft = (body: string, rev: number): RoomDraft => ({ roomId: ROOM, body, at: '', rev });
const welcome = (personHead: number, drafts: RoomDraft[] = []) => ({
	personHead,
	drafts,
	rooms: [{ roomId: ROOM } as Place]
});

/** A page whose server answers when it is told to. */
function page() {
	const asked: { body: string; answer: (rev: number) => void; fail: () => void }[] = [];
	const drafts = new Drafts(
		ME,
		(_, body) =>
			new Promise((resolve, reject) =>
				asked.push({
					body,
					answer: (rev) => resolve(draft(body, rev)),
					fail: () => reject(new UnreachableError())
				})
			)
	);
	return { drafts, asked, told: () => asked.map(({ body }) => body) };
}

/** Web Locks of one name. */
function locks() {
	let last: Promise<unknown> = Promise.resolve();
	return { request: (_: string, __: object, act: () => Promise<void>) => (last = last.then(act)) };
}

beforeEach(() => {
	vi.useFakeTimers();
	const items = new Map<string, string>();
	vi.stubGlobal('localStorage', {
		getItem: (key: string) => items.get(key) ?? null,
		setItem: (key: string, value: string) => void items.set(key, value),
		removeItem: (key: string) => void items.delete(key)
	});
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

describe('a draft of which the server could not be told', () => {
	test.each([
		['is told again', () => {}],
		['is told again where nothing is kept on a device', () => vi.stubGlobal('localStorage', undefined)]
	])('%s', async (_, given) => {
		given();
		const { drafts, asked, told } = page();
		drafts.write(ROOM, { body: 'begun' });
		await vi.advanceTimersByTimeAsync(PAUSE_MS);
		asked[0]!.fail();
		await vi.advanceTimersByTimeAsync(AGAIN_MS);

		expect(told()).toEqual(['begun', 'begun']);
	});

	test('is not told after what another page told since', async () => {
		const [one, other] = [page(), page()];
		one.drafts.write(ROOM, { body: 'begun' });
		await vi.advanceTimersByTimeAsync(PAUSE_MS);
		one.asked[0]!.fail();
		other.drafts.write(ROOM, { body: 'begun, and more' });
		await vi.advanceTimersByTimeAsync(PAUSE_MS);
		other.asked[0]!.answer(4);
		one.drafts.take(draft('begun, and more', 4));
		await vi.advanceTimersByTimeAsync(AGAIN_MS);

		expect(one.told()).toEqual(['begun']);
		expect(one.drafts.in(ROOM).body).toBe('begun, and more');
	});
});

test('what one page writes is told after what another one is telling', async () => {
	vi.stubGlobal('navigator', { locks: locks() });
	const [one, other] = [page(), page()];
	one.drafts.write(ROOM, { body: 'begun' });
	await vi.advanceTimersByTimeAsync(PAUSE_MS);
	other.drafts.write(ROOM, { body: 'begun, and more' });
	await vi.advanceTimersByTimeAsync(PAUSE_MS);
	expect([...one.told(), ...other.told()]).toEqual(['begun']);

	one.asked[0]!.answer(3);
	await vi.advanceTimersByTimeAsync(PAUSE_MS);
	other.asked[0]!.answer(4);
	await vi.advanceTimersByTimeAsync(AGAIN_MS);

	expect([...one.told(), ...other.told()]).toEqual(['begun', 'begun, and more']);
});

describe('a new connection, while the answer about a draft is on its way,', () => {
	test.each([
		['that knows of none, for it went since', welcome(5), ''],
		['that knows of none, for it was before', welcome(3), 'begun'],
		['that knows of a later one', welcome(5, [draft('elsewhere', 5)]), 'elsewhere']
	])('%s', async (_, state, body) => {
		const { drafts, asked } = page();
		drafts.write(ROOM, { body: 'begun' });
		await vi.advanceTimersByTimeAsync(PAUSE_MS);
		drafts.welcome(state, true);
		asked[0]!.answer(4);
		await vi.advanceTimersByTimeAsync(PAUSE_MS);

		expect(drafts.in(ROOM).body).toBe(body);
		expect(asked).toHaveLength(1);
	});
});
