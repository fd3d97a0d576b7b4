import { expect, test } from 'vitest';
import type { Person } from '$lib/protocol';
import { meansEverybody, rankByName, rankPeople, speakersOf } from './rank';

const person = (id: number, displayName: string, username = displayName.toLowerCase()): Person => ({
	id,
	username,
	displayName,
	color: '#000000',
	role: 'member',
	rev: 1
});

const ana = person(1, 'Ana');
const andre = person(2, 'André');
const antonia = person(3, 'Antônia');
const joana = person(4, 'Joana');
const angela = person(5, 'Ângela');
const found = [ana, andre, angela, antonia, joana];

test('members come first, and recent speakers first among them', () => {
	const { here, away } = rankPeople({
		found,
		query: 'an',
		isHere: (id) => id !== ana.id,
		recent: [joana.id, antonia.id, ana.id]
	});
	expect(here).toEqual([antonia, andre, angela, joana]);
	expect(away).toEqual([ana]);
});

test('who is called exactly so comes first', () => {
	const { here } = rankPeople({ found, query: 'ana', isHere: () => true, recent: [joana.id] });
	expect(here[0]).toBe(ana);
});

test('while nothing is typed, whoever spoke last is first', () => {
	const { here } = rankPeople({ found, query: '', isHere: () => true, recent: [joana.id, antonia.id] });
	expect(here).toEqual([joana, antonia, ana, andre, angela]);
});

test('nobody is away while it is not known who is here', () => {
	const { here, away } = rankPeople({ found, query: 'an', isHere: () => undefined, recent: [] });
	expect(here).toHaveLength(5);
	expect(away).toEqual([]);
});

test('speakers are the authors of what was said, the newest first', () => {
	const said = (authorId: number, kind = 'text') => ({ authorId, kind });
	expect(speakersOf([said(1), said(2), said(1), said(3), said(4, 'system')])).toEqual([3, 1, 2]);
	expect(speakersOf([said(1), said(2), said(3)], 2)).toEqual([3, 2]);
});

test('everybody is meant by @room and by what it is called', () => {
	expect(meansEverybody('', 'Todos nesta sala')).toBe(true);
	expect(meansEverybody('ro', 'Todos nesta sala')).toBe(true);
	expect(meansEverybody('TOD', 'Todos nesta sala')).toBe(true);
	expect(meansEverybody('rob', 'Todos nesta sala')).toBe(false);
});

test('rooms are found by the beginning of their name, of a word in it, then anywhere', () => {
	const names = ['Ligação', 'Café da manhã', 'Manhã', 'Jardim', 'Amanhã'];
	expect(rankByName(names, (name) => name, 'manha')).toEqual(['Manhã', 'Café da manhã', 'Amanhã']);
	expect(rankByName(names, (name) => name, 'xyz')).toEqual([]);
	expect(rankByName(names, (name) => name, '')).toHaveLength(5);
});
