import { expect, test } from 'vitest';
import { EmojiList } from './list';
import { search } from './search';
import { emojiText } from './vite-plugin';

const english = new EmojiList(emojiText('shapes'), emojiText('en'));
const portuguese = new EmojiList(emojiText('shapes'), emojiText('pt'));

const best = (list: EmojiList, typed: string, favourites?: string[]) =>
	search(list, typed, favourites)[0]?.sign;

test('who is called so comes first, then who begins so', () => {
	expect(best(english, 'heart')).toBe('❤️');
	expect(best(english, 'tada')).toBe('🎉');
	const codes = search(english, 'smil').slice(0, 3);
	expect(codes.every((emoji) => emoji.codes.some((code) => code.startsWith('smil')))).toBe(true);
});

test('of two that begin so, the shorter one comes first', () => {
	expect(best(english, 'hea')).toBe('❤️');
	expect(best(english, 'smi')).toBe('😄');
	expect(best(english, 'rock')).toBe('🪨');
});

test('the words of the language count, without accents and in any case, and English shortcodes do too', () => {
	expect(best(portuguese, 'CORACAO VERMELHO')).toBe('❤️');
	expect(best(portuguese, 'coração verm')).toBe('❤️');
	expect(best(portuguese, 'rocket')).toBe('🚀');
	expect(best(english, 'coracao')).toBeUndefined();
});

test('several words are found in any order', () => {
	expect(search(english, 'cat joy').map(({ sign }) => sign)).toContain('😹');
	expect(search(english, 'joy cat').map(({ sign }) => sign)).toContain('😹');
});

test('a shortcode may be typed with its signs', () => {
	expect(best(english, ':tada:')).toBe('🎉');
	expect(best(english, 'heart_eyes')).toBe('😍');
});

test('two letters find no middle of a word', () => {
	expect(search(english, 'iz').map(({ sign }) => sign)).not.toContain('🍕');
	expect(search(english, 'izz').map(({ sign }) => sign)).toContain('🍕');
});

test('a favourite comes first among equals only', () => {
	const usual = search(english, 'smi').map(({ sign }) => sign);
	const later = usual[2]!;
	expect(best(english, 'smi', [later])).toBe(later);
	expect(best(english, 'heart', ['😍'])).toBe('❤️');
});

test('nothing typed finds nothing', () => {
	expect(search(english, ' : ')).toEqual([]);
});
