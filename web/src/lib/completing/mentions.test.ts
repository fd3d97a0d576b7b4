import { expect, test } from 'vitest';
import { namedIn } from './mentions';

const names = (text: string) => namedIn(text).map((named) => named.names[0]);

test('names are what stands behind an @ that begins a word, each once', () => {
	expect(names('oi @ana, @Bruno e @ana')).toEqual(['ana', 'bruno']);
	expect(names('ana@exemplo.org')).toEqual([]);
	expect(names('(@joão) @')).toEqual(['joão']);
});

test('names in code are only text', () => {
	expect(names('`@ana` @bruno')).toEqual(['bruno']);
	expect(names('```\n@ana\n```\n@bruno')).toEqual(['bruno']);
	expect(names('` @ana')).toEqual(['ana']);
});

test('a full stop at the end may belong to the name or to the sentence', () => {
	expect(namedIn('fale com @ana..')[0]?.names).toEqual(['ana..', 'ana.', 'ana']);
});
