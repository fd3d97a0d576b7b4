import { expect, test } from 'vitest';
import { nextTo, type Named } from './order';
import type { JoinedRoom } from './room.svelte';

const list = [11, 12, 13].map((id): Named => ({ room: { id } as JoinedRoom, name: `${id}` }));
const next = (from: number | null, by: 1 | -1, ...wanted: number[]) =>
	nextTo(list, from, by, ({ room }) => wanted.includes(room.id))?.room.id;

test('the list goes round, in both directions', () => {
	expect(next(11, 1, 11, 12, 13)).toBe(12);
	expect(next(13, 1, 11, 12, 13)).toBe(11);
	expect(next(11, -1, 11, 12, 13)).toBe(13);
});

test('from elsewhere it begins at its beginning, or at its end', () => {
	expect(next(null, 1, 11, 12, 13)).toBe(11);
	expect(next(null, -1, 11, 12, 13)).toBe(13);
	expect(next(99, -1, 11, 12)).toBe(12);
});

test('what is not wanted is passed over, and of nothing wanted nothing comes', () => {
	expect(next(11, 1, 13)).toBe(13);
	expect(next(12, 1, 11)).toBe(11);
	expect(next(12, 1, 12)).toBe(12);
	expect(next(12, 1)).toBeUndefined();
	expect(nextTo([], null, 1, () => true)).toBeUndefined();
});
