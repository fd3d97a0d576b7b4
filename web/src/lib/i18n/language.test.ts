import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { locales } from '$lib/paraglide/runtime';
import { bestLocale } from './language.svelte';

test('the best of our languages is chosen for what somebody reads', () => {
	expect(bestLocale(['pt-BR', 'en'])).toBe('pt-BR');
	expect(bestLocale(['pt-PT', 'en'])).toBe('pt-BR');
	expect(bestLocale(['fr-FR', 'es-AR', 'en'])).toBe('es');
	expect(bestLocale(['', 'de'])).toBe('en');
});

test('every text stands in every language, with the same parameters', () => {
	const read = (locale: string): Record<string, unknown> =>
		JSON.parse(readFileSync(new URL(`../../../messages/${locale}.json`, import.meta.url), 'utf8'));
	const parameters = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].sort();

	const base = read('en');
	for (const locale of locales) {
		const texts = read(locale);
		expect(Object.keys(texts).sort()).toEqual(Object.keys(base).sort());
		for (const [key, text] of Object.entries(texts))
			expect([key, parameters(text)]).toEqual([key, parameters(base[key])]);
	}
});
