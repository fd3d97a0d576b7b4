import { expect, test } from 'vitest';
import type { Moment } from '$lib/protocol';
import { byMinute, curve, roundUp } from './curve';

const moment = (at: string, people: number, commitP50?: number): Moment => ({
	at: `2026-01-01T12:${at}.000Z`,
	people,
	connections: 0,
	messages: 0,
	deliveries: 0,
	commitP50,
	memoryBytes: 0,
	queueBytes: 0,
	refusals: 0
});

test('an axis ends at a round number', () => {
	expect([0, 0.3, 1, 1.1, 3, 7, 99, 101].map(roundUp)).toEqual([1, 0.5, 1, 2, 5, 10, 100, 200]);
});

test('a curve ends at the right, and ten minutes before that at the left', () => {
	const moments = [moment('00:00', 0), moment('00:05', 5), moment('10:00', 10)];

	expect(curve(moments, ({ people }) => people, 10)).toBe(
		'M0.0 100.0l.1 0L0.0 100.0L5.0 50.0M600.0 0.0l.1 0L600.0 0.0'
	);
});

test('where nothing was measured there is no curve', () => {
	const moments = [moment('00:00', 1, 4), moment('00:05', 1), moment('00:10', 1, 4)];

	expect(curve(moments, ({ commitP50 }) => commitP50, 4).match(/M/g)).toHaveLength(2);
});

test('a table tells the highest of each minute, the newest first', () => {
	const moments = [moment('00:00', 3), moment('00:30', 7, 2), moment('01:00', 1)];

	expect(byMinute(moments, [({ people }) => people, ({ commitP50 }) => commitP50])).toEqual([
		{ at: '2026-01-01T12:01:00.000Z', values: [1, undefined] },
		{ at: '2026-01-01T12:00:00.000Z', values: [7, 2] }
	]);
});
