import { m } from '$lib/i18n/messages';
import { language } from './language.svelte';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = language.region + JSON.stringify(options);
	let made = formats.get(key);
	if (!made) formats.set(key, (made = new Intl.DateTimeFormat(language.region, options)));
	return made;
}

/** 14:05, or 2:05 PM where that is how people say it. */
export const clock = (at: Date) => format({ hour: '2-digit', minute: '2-digit' }).format(at);

/** The same without AM and PM, for where there is little room. */
export const narrowClock = (at: Date) =>
	format({ hour: '2-digit', minute: '2-digit' })
		.formatToParts(at)
		.filter(({ type }) => type !== 'dayPeriod')
		.map(({ value }) => value)
		.join('')
		.trim();

/** 14:05 today, else 3 Mar, 14:05, or with the year when it is another one. */
export function shortly(at: Date, now = new Date()): string {
	if (midnight(now) === midnight(at)) return clock(at);
	const year = at.getFullYear() === now.getFullYear() ? undefined : 'numeric';
	return format({ day: 'numeric', month: 'short', year, hour: '2-digit', minute: '2-digit' }).format(at);
}

/** Tuesday, 3 March 2026 at 14:05 */
export const fully = (at: Date) => format({ dateStyle: 'full', timeStyle: 'short' }).format(at);

/** Today, Yesterday, Tuesday 3 March, or with the year when it is another one. */
export function day(at: Date, now = new Date()): string {
	const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
	if (days === 0) return m.day_today();
	if (days === 1) return m.day_yesterday();
	const year = at.getFullYear() === now.getFullYear() ? undefined : 'numeric';
	return format({ weekday: 'long', day: 'numeric', month: 'long', year }).format(at);
}

/** 3 March 2026 */
export const date = (at: Date) => format({ dateStyle: 'long' }).format(at);

/** What the clocks show in another time zone, with the weekday where it is another one; undefined: there is no such zone. */
export function clockIn(timeZone: string, at: Date): string | undefined {
	try {
		const there = format({ timeZone, weekday: 'short' }).format(at);
		const weekday = there === format({ weekday: 'short' }).format(at) ? undefined : 'short';
		return format({ timeZone, weekday, hour: '2-digit', minute: '2-digit' }).format(at);
	} catch {
		return undefined;
	}
}

/** "3 days ago", in the largest unit that is full; under an hour it is "this hour", for what is known to the hour. */
export function ago(at: Date, now = new Date()): string {
	const hours = Math.max(0, Math.floor((now.getTime() - at.getTime()) / 3_600_000));
	const days = Math.floor(hours / 24);
	const [count, unit] = (
		[
			[Math.floor(days / 365), 'year'],
			[Math.floor(days / 30), 'month'],
			[days, 'day']
		] as const
	).find(([full]) => full > 0) ?? [hours, 'hour' as const];
	return new Intl.RelativeTimeFormat(language.region, { numeric: 'auto' }).format(-count, unit);
}

/** "Ana, Bruno and Carla" */
export function list(names: readonly string[]): string {
	return new Intl.ListFormat(language.region, { style: 'long', type: 'conjunction' }).format(names);
}

/** "30 seconds", "5 minutes", "2 hours": in the largest unit that holds it without a rest. */
export function span(seconds: number): string {
	const [count, unit] =
		seconds % 3600 === 0 && seconds > 0
			? [seconds / 3600, 'hour']
			: seconds % 60 === 0 && seconds > 0
				? [seconds / 60, 'minute']
				: [seconds, 'second'];
	return measure(count, unit);
}

/** What is left to wait: in seconds up to two minutes, then in minutes. */
export const remaining = (seconds: number) =>
	seconds < 120 ? measure(seconds, 'second') : measure(Math.ceil(seconds / 60), 'minute');

export const days = (count: number) => measure(count, 'day');

function measure(count: number, unit: string) {
	return new Intl.NumberFormat(language.region, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}

/** 3 Mar, of the day in UTC */
export const utcDay = (at: Date) => format({ timeZone: 'UTC', day: 'numeric', month: 'short' }).format(at);

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** 14 MB */
export function bytes(count: number): string {
	const step = Math.min(SIZES.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
	return new Intl.NumberFormat(language.region, {
		style: 'unit',
		unit: SIZES[step],
		unitDisplay: 'short',
		maximumSignificantDigits: 3
	}).format(count / 1000 ** step);
}

export const number = (value: number) => new Intl.NumberFormat(language.region).format(value);

function midnight(at: Date) {
	return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
}
