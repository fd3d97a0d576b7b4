import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findNames, type Names } from './names';

const people = new Map([
	['ana', 'Ana Lima'],
	['ana.b', 'Ana B.'],
	['zé', 'José'],
	['room', 'Everybody']
]);
const names: Names = {
	person: (name) => {
		const title = people.get(name.toLowerCase());
		return title ? { title, own: name === 'room' } : undefined;
	},
	rooms: () => [
		{ id: 1, name: 'Jardim' },
		{ id: 2, name: 'Jardim de inverno' },
		{ id: 3, name: '' }
	]
};

const found = (text: string) =>
	findNames(text, names).flatMap((piece) => (piece.kind === 'text' ? [] : [piece.text]));

describe('people', () => {
	test.each([
		['oi @ana', ['@ana']],
		['@Ana, @zé e @room!', ['@Ana', '@zé', '@room']],
		['@ana.b @ana. @ana... fim', ['@ana.b', '@ana', '@ana']],
		['(@ana)/@ana', ['@ana', '@ana']],
		['@ana-maria @anab a@ana.b @ @@', []],
		['x@ana', []]
	])('%j', (text, expected) => expect(found(text)).toEqual(expected));

	test('carry what they are called', () => {
		expect(findNames('@ana', names)).toEqual([
			{ kind: 'person', text: '@ana', person: { title: 'Ana Lima', own: false } }
		]);
	});
});

describe('rooms', () => {
	test.each([
		['em #jardim.', ['#jardim']],
		['#Jardim de Inverno e #Jardim de verão', ['#Jardim de Inverno', '#Jardim']],
		['#Jardins #Jardim2 C#Jardim ##Jardim # #', []]
	])('%j', (text, expected) => expect(found(text)).toEqual(expected));
});

test('nothing of a text is lost', () => {
	const part = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.constantFrom('@', '#', 'ana', '.', 'Jardim', ' de inverno', ' ')
	);
	fc.assert(
		fc.property(fc.array(part), (parts) => {
			const text = parts.join('');
			expect(
				findNames(text, names)
					.map((piece) => piece.text)
					.join('')
			).toBe(text);
		})
	);
}, 30_000);
