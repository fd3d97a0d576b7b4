import { expect, test } from 'vitest';
import { shortcodeAt, wordAt } from './word';

/** The word at the bar, as sign and query. */
function word(text: string) {
	const found = wordAt(text.replace('|', ''), text.indexOf('|'));
	return found && found.sign + found.query;
}

const shortcode = (text: string) => shortcodeAt(text, text.length)?.code;

test('a name is completed from its sign on', () => {
	expect(word('@|')).toBe('@');
	expect(word('oi @an|')).toBe('@an');
	expect(word('(@an|')).toBe('@an');
	expect(word('oi @an|a')).toBe('@an');
	expect(word('oi @joão.s|')).toBe('@joão.s');
	expect(wordAt('oi @an', 6)).toEqual({ sign: '@', query: 'an', start: 3, end: 6 });
});

test('a sign within a word is part of it', () => {
	expect(word('ana@ex|')).toBeNull();
	expect(word('@@an|')).toBeNull();
	expect(word('C#|')).toBeNull();
	expect(word('##|')).toBeNull();
	expect(word('12:30|')).toBeNull();
	expect(word('http://ab|')).toBeNull();
	expect(word('std::ve|')).toBeNull();
});

test('the word ends with a space', () => {
	expect(word('@ana |')).toBeNull();
	expect(word('@ana lima|')).toBeNull();
	expect(word('# Ti|')).toBeNull();
});

test('a shortcode is completed from two letters on; smileys are left alone', () => {
	expect(word(':s|')).toBeNull();
	expect(word(':sm|')).toBe(':sm');
	expect(word('oi :+1|')).toBe(':+1');
	expect(word(':-1|')).toBe(':-1');
	expect(word(':cora|')).toBe(':cora');
	for (const smiley of [':)', ':D', ':-)', ':-D', ":'(", ':P', ':/', ':-/'])
		expect(word(`oi ${smiley}|`)).toBeNull();
});

test('nothing is completed in code', () => {
	expect(word('`@an|`')).toBeNull();
	expect(word('`@an|')).toBeNull();
	expect(word('```\n:smi|')).toBeNull();
	expect(word('`a` @an|')).toBe('@an');
});

test('a whole shortcode is one between two colons', () => {
	expect(shortcode(':tada:')).toBe('tada');
	expect(shortcode('viva :+1:')).toBe('+1');
	expect(shortcode('1:100:')).toBeUndefined();
	expect(shortcode('10:30:')).toBeUndefined();
	expect(shortcode('::')).toBeUndefined();
	expect(shortcode('a: b:')).toBeUndefined();
	expect(shortcode('`:tada:')).toBeUndefined();
	expect(shortcodeAt('oi :tada:', 9)).toEqual({ start: 3, code: 'tada' });
});
