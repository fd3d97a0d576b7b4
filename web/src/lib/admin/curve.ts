import type { Moment } from '$lib/protocol';
import { SPAN_MS } from './activity.svelte';

/** What a moment's figure is; nothing where there was nothing to measure. */
export type Figure = (moment: Moment) => number | undefined;

export const WIDTH = 600;
export const HEIGHT = 100;

/** Beyond this the server was not there to look. */
const GAP_MS = 15_000;

/** The least round number (1, 2 or 5 and zeros) that a figure fits under. */
export function roundUp(most: number): number {
	if (most <= 0) return 1;
	const power = 10 ** Math.floor(Math.log10(most));
	for (const step of [1, 2, 5]) if (most <= step * power) return step * power;
	return 10 * power;
}

/** The curve of a figure as an SVG path; it begins anew behind a moment without one. */
export function curve(moments: readonly Moment[], figure: Figure, top: number): string {
	const end = Date.parse(moments.at(-1)?.at ?? '');
	let path = '';
	let before: number | undefined;
	for (const moment of moments) {
		const value = figure(moment);
		const at = Date.parse(moment.at);
		if (value !== undefined) {
			const joined = before !== undefined && at - before <= GAP_MS;
			const x = WIDTH - ((end - at) / SPAN_MS) * WIDTH;
			// A point alone is seen too.
			path += `${joined ? 'L' : `M${x.toFixed(1)} ${y(value, top)}l.1 0L`}${x.toFixed(1)} ${y(value, top)}`;
		}
		before = value === undefined ? undefined : at;
	}
	return path;
}

const y = (value: number, top: number) => (HEIGHT - (value / top) * HEIGHT).toFixed(1);

/** A figure minute by minute, the newest first: the highest of each. */
export function byMinute(
	moments: readonly Moment[],
	figures: readonly Figure[]
): { at: string; values: (number | undefined)[] }[] {
	const minutes: Record<number, Moment[]> = {};
	for (const moment of moments) (minutes[Math.floor(Date.parse(moment.at) / 60_000)] ??= []).push(moment);
	return Object.entries(minutes)
		.toSorted(([one], [other]) => Number(other) - Number(one))
		.map(([minute, inIt]) => ({
			at: new Date(Number(minute) * 60_000).toISOString(),
			values: figures.map((figure) => highest(inIt, figure))
		}));
}

/** The highest value of a figure; undefined where there is none. */
export function highest(moments: readonly Moment[], figure: Figure): number | undefined {
	const values = moments.map(figure).filter((value) => value !== undefined);
	return values.length > 0 ? Math.max(...values) : undefined;
}
