import { m } from '$lib/i18n/messages';

/** What is written on keys that are called differently where another language is spoken. */
export const keyNames = (): Readonly<Record<string, string>> => ({
	Shift: m.key_shift(),
	Enter: m.key_enter(),
	Delete: m.key_delete()
});
