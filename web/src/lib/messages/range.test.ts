import { describe, expect, test } from 'vitest';
import type { Message } from '$lib/protocol';
import { dropBelow, join, overlay, replace } from './range';

const message = (seq: number, rev = seq): Message => ({
	id: seq,
	roomId: 1,
	seq,
	rev,
	authorId: 1,
	kind: 'text',
	body: `${seq}@${rev}`,
	createdAt: '2026-01-01T00:00:00.000Z'
});
const range = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
const bodies = (messages: readonly Message[] | null) => messages?.map(({ body }) => body);

describe('a range of messages', () => {
	test('replaces an older form, never a newer one', () => {
		const held = [message(5, 20), message(6)];

		expect(bodies(replace(held, message(5, 21)))).toEqual(['5@21', '6@6']);
		expect(replace(held, message(5, 19))).toBe(held);
		expect(replace(held, message(9))).toBe(held);
		expect(replace(held, message(4))).toBe(held);
	});

	test('takes what follows it in whatever order it came', () => {
		const laid = overlay(range(5, 6), [message(8, 8), message(7, 9), message(6, 10)], 6);

		expect(bodies(laid.messages)).toEqual(['5@5', '6@10', '7@9', '8@8']);
		expect(laid.ahead).toEqual([]);
	});

	test('lets wait what has a hole below it', () => {
		const laid = overlay(range(5, 6), [message(9)], 6);

		expect(bodies(laid.messages)).toEqual(['5@5', '6@6']);
		expect(bodies(laid.ahead)).toEqual(['9@9']);
	});

	test('begins where an empty room begins', () => {
		expect(bodies(overlay([], [message(2), message(1)], 0).messages)).toEqual(['1@1', '2@2']);
		expect(bodies(overlay([], [message(41)], 40).messages)).toEqual(['41@41']);
	});

	test('joins pages that touch or overlap, each message in its newest form', () => {
		expect(bodies(join(range(5, 6), range(3, 4)))).toEqual(['3@3', '4@4', '5@5', '6@6']);
		expect(bodies(join([message(5, 9), message(6, 6)], [message(6, 8), message(7, 7)]))).toEqual([
			'5@9',
			'6@8',
			'7@7'
		]);
		expect(bodies(join([message(6, 9)], [message(6, 8)]))).toEqual(['6@9']);
	});

	test('does not join over a hole', () => {
		expect(join(range(5, 6), range(8, 9))).toBeNull();
		expect(join(range(5, 6), range(1, 3))).toBeNull();
	});

	test('drops what the room does not keep', () => {
		expect(bodies(dropBelow(range(3, 6), 5))).toEqual(['5@5', '6@6']);
		expect(dropBelow(range(3, 6), 9)).toEqual([]);
	});
});
