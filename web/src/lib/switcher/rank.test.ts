import { expect, test } from 'vitest';
import { foldedOf } from './match';
import { ranked, type Candidate } from './rank';

interface Named extends Candidate {
	name: string;
}

function one(name: string, more: Partial<Candidate> = {}): Named {
	return { name, names: [foldedOf(name)], weight: 0, mentions: 0, unread: 0, listed: true, ...more };
}

const order = (all: Named[], text: string) => ranked(all, text).map(({ name }) => name);

test('before anything is typed: mentions, then unread, then what is visited most', () => {
	const all = [
		one('Seldom', { weight: 0.1 }),
		one('Often', { weight: 9 }),
		one('Unread', { unread: 3 }),
		one('Unread often', { unread: 1, weight: 2 }),
		one('Mention', { unread: 1, mentions: 1 }),
		one('Somebody', { listed: false })
	];
	expect(order(all, ' ')).toEqual(['Mention', 'Unread often', 'Unread', 'Often', 'Seldom']);
});

test('the better answer comes first, and of equals the one that is visited more', () => {
	const all = [one('Casa nova'), one('Jardim da casa'), one('Casa velha', { weight: 1 }), one('Ocaso')];
	expect(order(all, 'casa')).toEqual(['Casa velha', 'Casa nova', 'Jardim da casa']);
	expect(order(all, 'cas')).toContain('Ocaso');
});

test('habit outweighs a little, not everything', () => {
	const all = [one('Casa'), one('Minha casa', { weight: 50 }), one('Ocaso', { weight: 40 })];
	expect(order(all, 'casa')[0]).toBe('Minha casa');
	expect(order(all, 'cas')).toEqual(['Minha casa', 'Casa', 'Ocaso']);
});

test('who is not listed is found, also by another name', () => {
	const bruno = one('Bruno Reis', { listed: false });
	bruno.names = [foldedOf('Bruno Reis'), foldedOf('breis')];
	expect(order([bruno], '@breis')).toEqual(['Bruno Reis']);
	expect(order([bruno], '')).toEqual([]);
});
