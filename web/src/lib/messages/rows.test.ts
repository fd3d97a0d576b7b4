import { describe, expect, test } from 'vitest';
import type { Message } from '$lib/protocol';
import { Unsent } from '$lib/outbox/outbox.svelte';
import { rowsOf } from './rows';

const ME = 1;
const ANA = 2;

function said(seq: number, authorId: number, minute: number, more: Partial<Message> = {}): Message {
	const createdAt = new Date(2026, 0, 1, 12, minute).toISOString();
	return {
		id: seq,
		roomId: 1,
		seq,
		rev: seq,
		authorId,
		cid: `cid-${seq}`,
		kind: 'text',
		body: '',
		createdAt,
		...more
	};
}

const grouped = (messages: Message[], newAfter: number | null = null) =>
	rowsOf(messages, [], newAfter, ME).map((row) => row.grouped);

describe('rows', () => {
	test('are grouped by author within five minutes', () => {
		expect(grouped([said(1, ANA, 0), said(2, ANA, 4), said(3, ANA, 9), said(4, ME, 9)])).toEqual([
			false,
			true,
			false,
			false
		]);
	});

	test('are not grouped across a system line, a day or the "new" line', () => {
		const line = said(2, ANA, 0, { kind: 'system', cid: undefined, system: { event: 'topic' } });
		expect(grouped([said(1, ANA, 0), line, said(3, ANA, 0)])).toEqual([false, false, false]);

		const midnight = new Date(2026, 0, 2, 0, 1).toISOString();
		const late = new Date(2026, 0, 1, 23, 59).toISOString();
		const night = [said(1, ANA, 0, { createdAt: late }), said(2, ANA, 0, { createdAt: midnight })];
		expect(grouped(night)).toEqual([false, false]);
		expect(rowsOf(night, [], null, ME).map(({ opensDay }) => opensDay)).toEqual([true, true]);

		expect(grouped([said(1, ANA, 0), said(2, ANA, 1)], 1)).toEqual([false, false]);
	});

	test('have one "new" line, above the first message of somebody else that was not read', () => {
		const messages = [said(1, ANA, 0), said(2, ME, 1), said(3, ANA, 2), said(4, ANA, 3)];

		expect(rowsOf(messages, [], 1, ME).map(({ opensNew }) => opensNew)).toEqual([
			false,
			false,
			true,
			false
		]);
		expect(rowsOf(messages, [], null, ME).some(({ opensNew }) => opensNew)).toBe(false);
		expect(rowsOf(messages, [], 4, ME).some(({ opensNew }) => opensNew)).toBe(false);
	});

	test('keep their key when an unsent message is stored', () => {
		const at = new Date(2026, 0, 1, 12, 5).getTime();
		const unsent = new Unsent({ cid: 'cid-2', userId: ME, roomId: 1, body: '', at, tab: '' });

		const before = rowsOf([said(1, ANA, 0)], [unsent], null, ME);
		const after = rowsOf([said(1, ANA, 0), said(2, ME, 5)], [], null, ME);

		expect(before.map(({ key }) => key)).toEqual(after.map(({ key }) => key));
	});

	test('tell the same cid of two authors apart', () => {
		const keys = rowsOf([said(1, ANA, 0, { cid: 'x' }), said(2, ME, 0, { cid: 'x' })], [], null, ME).map(
			({ key }) => key
		);

		expect(new Set(keys).size).toBe(2);
	});
});
