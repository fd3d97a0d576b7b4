import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bestLocale, language, LOCALES } from './language.svelte';
import { m } from './messages';

test('the best of our languages is chosen for what somebody reads', () => {
	expect(bestLocale(['pt-BR', 'en'])).toBe('pt-BR');
	expect(bestLocale(['pt-PT', 'en'])).toBe('pt-BR');
	expect(bestLocale(['fr-FR', 'es-AR', 'en'])).toBe('es');
	expect(bestLocale(['', 'de'])).toBe('en');
});

test('a text is said in the language of the moment, a kept function included', async () => {
	const { sign_in } = m;
	await language.choose('es');
	expect([m.sign_in(), sign_in()]).toEqual(['Iniciar sesión', 'Iniciar sesión']);
	await language.choose('en');
	expect([m.sign_in(), sign_in()]).toEqual(['Sign in', 'Sign in']);
});

test('every text stands in every language, with the same parameters', () => {
	const read = (locale: string): Record<string, unknown> =>
		JSON.parse(readFileSync(new URL(`../../../messages/${locale}.json`, import.meta.url), 'utf8'));
	const parameters = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].sort();

	const { locales } = JSON.parse(
		readFileSync(new URL('../../../project.inlang/settings.json', import.meta.url), 'utf8')
	) as { locales: string[] };
	expect([...LOCALES].sort()).toEqual(locales.sort());
	const base = read('en');
	for (const locale of LOCALES) {
		const texts = read(locale);
		expect(Object.keys(texts).sort()).toEqual(Object.keys(base).sort());
		for (const [key, text] of Object.entries(texts))
			expect([key, parameters(text)]).toEqual([key, parameters(base[key])]);
	}
});
