import { number } from '$lib/i18n/dates';
import { m } from '$lib/i18n/messages';

/** What nobody reads more of than two digits. */
export const rounded = (value: number) => Number(value.toPrecision(2));

/** 0.42 ms */
export const milliseconds = (value: number) => m.milliseconds({ value: number(rounded(value)) });
