import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EmojiList, GROUPS } from './list';
import { TONES, withTone } from './tone.svelte';
import { plain, shapes, type Described } from './trim';
import { emojiText } from './vite-plugin';

const SHAPES = emojiText('shapes');
const LANGUAGES = ['en', 'pt', 'es'];

describe('the emoji data', () => {
	test.each(LANGUAGES)('is small in %s', (language) => {
		const size = (text: string) => brotliCompressSync(text).length;
		expect(size(SHAPES) + size(emojiText(language))).toBeLessThan(50_000);
	});

	test('has the same emoji in the same order in all languages', () => {
		const lists = LANGUAGES.map((language) => new EmojiList(SHAPES, emojiText(language)));
		const called = lists.map((list) => list.bySign('🐶')?.label);
		expect(called).toEqual(['dog face', 'rosto de cachorro', 'cara de perro']);
		for (const list of lists) {
			expect(list.groups.map(({ group }) => group)).toEqual(GROUPS);
			expect(list.all.length).toBeGreaterThan(1900);
			expect(list.all.every(({ label, codes }) => label && codes.every(Boolean))).toBe(true);
		}
	});

	test('has one emoji for each shortcode, those of the better known sets first', () => {
		const list = new EmojiList(SHAPES, emojiText('en'));
		const codes = list.all.flatMap((emoji) => emoji.codes);
		expect(new Set(codes).size).toBe(codes.length);
		expect(['dog', '+1', '-1', 'SUNGLASSES', 'flag-br'].map((code) => list.byCode(code)?.sign)).toEqual([
			'🐶',
			'👍',
			'👎',
			'😎',
			'🇧🇷'
		]);
	});

	test('gives a shortcode to the emoji of the earlier set', () => {
		const described = (hexcode: string, emoji: string, order: number): Described => ({
			hexcode,
			emoji,
			label: emoji,
			group: 0,
			order,
			version: 1
		});
		const data = [described('B', 'b', 2), described('A', 'a', 1)];
		expect(shapes(data, [{ A: 'first' }, { A: 'own', B: ['first', 'second'] }])).toBe(
			'a\tfirst own\nb\tsecond'
		);
	});

	test('has every tone of skin that Unicode has', () => {
		const data: { emoji: string; skins?: { emoji: string; tone: number | number[] }[] }[] = JSON.parse(
			readFileSync('node_modules/emojibase-data/en/data.json', 'utf8')
		);
		const list = new EmojiList(SHAPES, emojiText('en'));
		const toned = data.filter(({ skins }) => skins);
		expect(toned.length).toBeGreaterThan(300);
		for (const { emoji, skins } of toned) {
			for (const tone of TONES.keys()) {
				if (tone === 0) continue;
				const expected = skins!.find((skin) =>
					[skin.tone].flat().every((one) => one === tone)
				)!.emoji;
				expect(withTone(list.bySign(plain(emoji))!, tone)).toBe(plain(expected));
			}
		}
		expect(withTone(list.bySign('🎉')!, 3)).toBe('🎉');
	});
});
