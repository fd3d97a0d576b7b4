import { expect, test } from 'vitest';
import { fold, foldedOf, match } from './match';

const how = (query: string, text: string) => match(foldedOf(query), foldedOf(text));

/** Each answers worse than the one before it. */
const inOrder = (scores: (number | null)[]) => scores.every((score, i) => i === 0 || scores[i - 1]! > score!);

test('accents and case make no difference, also in letters that no decomposition opens', () => {
	expect(fold('Reunião ÀS três')).toBe('reuniao as tres');
	expect(fold('Łódź Straße Ærø')).toBe('lodz strasse aero');
	expect(how('jose', 'José')).toBe(1);
	expect(how('JOSÉ', 'jose')).toBe(1);
});

test('the closer the answer, the better: the same, a beginning, words, other order, initials, anywhere', () => {
	const scores = [
		how('mesa sul', 'Mesa Sul'),
		how('mesa', 'Mesa Sul'),
		how('sul', 'Mesa Sul'),
		how('sul me', 'Mesa Sul'),
		how('ms', 'Mesa Sul'),
		how('esa', 'Mesa Sul')
	];
	expect(scores).not.toContain(null);
	expect(inOrder(scores)).toBe(true);
});

test('every word that was typed must begin a word of its own', () => {
	expect(how('an an', 'Ana')).toBe(null);
	expect(how('an an', 'Ana Antunes')).not.toBe(null);
	expect(how('ana reis', 'Ana Lima')).toBe(null);
	expect(how('an ana', 'Ana Antunes')).not.toBe(null);
});

test('beginnings of several words may be written as one', () => {
	expect(how('mesul', 'Mesa do Sul')).not.toBe(null);
	expect(how('mds', 'Mesa do Sul')).not.toBe(null);
	expect(how('msd', 'Mesa do Sul')).toBe(null);
});

test('a script without spaces is found from the middle, and a name that is no word by itself', () => {
	expect(how('会議', '定例会議室')).not.toBe(null);
	expect(how('🎉', 'Festa 🎉')).not.toBe(null);
	expect(how('🎉', 'Festa')).toBe(null);
});
