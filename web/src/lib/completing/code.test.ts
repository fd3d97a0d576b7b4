import { expect, test } from 'vitest';
import { codeIn, isInCode } from './code';

/** Whether the place of the bar is in code. */
const at = (text: string) => isInCode(text.replace('|', ''), text.indexOf('|'));

test('code is what stands between as many marks', () => {
	expect(codeIn('a `b` c')).toEqual([[2, 5]]);
	expect(codeIn('``a ` b`` c')).toEqual([[0, 9]]);
	expect(codeIn('a ` b')).toEqual([]);
	expect(codeIn('```\na\n```\nb')).toEqual([[0, 9]]);
	expect(codeIn('```\na')).toEqual([[0, 5]]);
});

test('the caret is in code between marks, and behind one that is still open in its line', () => {
	expect(at('a `b|` c')).toBe(true);
	expect(at('a `b`| c')).toBe(false);
	expect(at('a `b` c|')).toBe(false);
	expect(at('a `b|')).toBe(true);
	expect(at('it`s\nb|')).toBe(false);
	expect(at('`a` and `b|')).toBe(true);
});

test('a fence that is open reaches to the end', () => {
	expect(at('```\na|')).toBe(true);
	expect(at('```\na\nb|')).toBe(true);
	expect(at('```\na\n```\nb|')).toBe(false);
	expect(at('```\na|\n```\nb')).toBe(true);
	expect(at('```\na\n```|')).toBe(false);
});
