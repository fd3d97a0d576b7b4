import { expect, test } from 'vitest';
import { HALF_LIFE_MS, MOST_REMEMBERED, parse, visited, weightOf, type History } from './frecency';

const DAY = 86_400_000;

test('a visit counts half after a half-life, and visits add up', () => {
	const once = visited({}, 7, 0);
	expect(weightOf(once, 7, 0)).toBe(1);
	expect(weightOf(once, 7, HALF_LIFE_MS)).toBeCloseTo(0.5);
	expect(weightOf(visited(once, 7, HALF_LIFE_MS), 7, HALF_LIFE_MS)).toBeCloseTo(1.5);
	expect(weightOf(once, 8, 0)).toBe(0);
});

test('what is visited now and then overtakes what was visited much a long time ago', () => {
	let history: History = {};
	for (let i = 0; i < 10; i++) history = visited(history, 1, 0);
	for (const day of [30, 32, 34]) history = visited(history, 2, day * DAY);
	expect(weightOf(history, 2, 35 * DAY)).toBeGreaterThan(weightOf(history, 1, 35 * DAY));
	expect(weightOf(history, 1, DAY)).toBeGreaterThan(3);
});

test('a clock that is put back makes nothing heavier', () => {
	const history = visited({}, 1, 10 * DAY);
	expect(weightOf(history, 1, 0)).toBe(1);
});

test('the lightest are forgotten, never the one that was just visited', () => {
	let history: History = {};
	for (let id = 1; id <= MOST_REMEMBERED; id++) {
		history = visited(history, id, 0);
		history = visited(history, id, 0);
	}
	history = visited(history, 999, 0);
	expect(Object.keys(history)).toHaveLength(MOST_REMEMBERED);
	history = visited(history, 999, 0);
	expect(weightOf(history, 999, 0)).toBeGreaterThanOrEqual(1);
});

test('it survives being kept as text, and whatever else is kept there is nothing', () => {
	const history = visited(visited({}, 1, 5), 2, 9);
	expect(parse(JSON.stringify(history))).toEqual(history);
	for (const text of [null, '', 'null', '[', '7', '{"1":null}', '{"1":{"weight":"x","at":0}}'])
		expect(parse(text)).toEqual({});
});
