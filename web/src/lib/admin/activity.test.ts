import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Lately, Moment } from '$lib/protocol';
import { Activity } from './activity.svelte';

const moment = (minute: number) =>
	({ at: new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString() }) as Moment;
const answer = (...moments: Moment[]): Lately => ({
	startedAt: '',
	intervalMs: 5000,
	moments,
	conditions: []
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('only what is new is asked for, and what is older than ten minutes goes', async () => {
	const asked: (string | undefined)[] = [];
	const answers = [answer(moment(0), moment(5)), answer(moment(10))];
	const activity = new Activity(async (after) => {
		asked.push(after);
		return answers.shift() ?? answer();
	});

	await activity.look();
	await vi.advanceTimersByTimeAsync(5000);

	expect(asked).toEqual([undefined, moment(5).at]);
	expect(activity.moments).toEqual([moment(5), moment(10)]);
	activity.stop();
});

test('what was found stays when a look fails, and it looks again until nobody does', async () => {
	let looks = 0;
	const activity = new Activity(async () => {
		if (++looks === 2) throw new Error('away');
		return answer(moment(looks));
	});

	await activity.look();
	await vi.advanceTimersByTimeAsync(5000);
	expect([activity.found, activity.failure]).toEqual([true, new Error('away')]);
	expect(activity.moments).toHaveLength(1);

	await vi.advanceTimersByTimeAsync(5000);
	expect(activity.failure).toBeNull();
	activity.stop();
	await vi.advanceTimersByTimeAsync(60_000);
	expect(looks).toBe(3);
});
