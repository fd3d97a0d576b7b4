import { expect, test } from 'vitest';
import { wordsOf } from './words';

test.each([
	['plain words', 'plain words'],
	['**loud** and _soft_, ~~gone~~ and `code`', 'loud and soft, gone and code'],
	['> quoted\n\nanswered', 'quoted answered'],
	['- one\n- two', '• one • two'],
	['3. three', '3. three'],
	['```ts\nlet a;\n```', 'let a;'],
	['[here](https://example.org) or https://example.org', 'here or https://example.org'],
	['the end: ||they marry||', 'the end: ▒▒▒▒ ▒▒▒▒▒'],
	['two\nlines', 'two lines']
])('%j reads as %j', (text, words) => expect(wordsOf(text)).toBe(words));

test('a long text is cut between characters', () => {
	const waves = wordsOf('🌊 '.repeat(200));

	expect(Array.from(waves)).toHaveLength(140);
	expect(waves.endsWith('🌊…')).toBe(true);
	expect(wordsOf('a'.repeat(140))).toBe('a'.repeat(140));
});
