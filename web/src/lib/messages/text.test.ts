import { expect, test } from 'vitest';
import { lengthOf, tidy } from './text';

test('characters are Unicode scalar values', () => {
	expect(lengthOf('olá 👋🏽')).toBe(6);
});

test('what cannot be shown, and the empty lines around it, are not sent', () => {
	expect(tidy('\n \n  one\r\ntwo\u0000\u0007 \n\n')).toBe('  one\ntwo');
	expect(tidy('a\ud800b')).toBe('a\ufffdb');
	expect(tidy(' \n\t')).toBe('');
});
