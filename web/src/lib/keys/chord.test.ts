import { expect, test } from 'vitest';
import { ariaShortcutOf, matches, shortcutOf, type Chord } from './chord';

const SWITCHER: Chord = { key: 'k', mod: true };
const MAP: Chord = { key: '?' };
const UNREAD: Chord = { key: 'ArrowDown', alt: true, shift: true };

function pressed(key: string, held: string[] = [], code = '') {
	return {
		key,
		code,
		ctrlKey: held.includes('ctrl'),
		metaKey: held.includes('meta'),
		altKey: held.includes('alt'),
		shiftKey: held.includes('shift')
	};
}

test('the modifier is Command on Apple systems and Control elsewhere, and never the other one', () => {
	for (const [held, apple, meant] of [
		['ctrl', false, true],
		['meta', false, false],
		['meta', true, true],
		['ctrl', true, false]
	] as const)
		expect(matches(SWITCHER, pressed('k', [held]), apple)).toBe(meant);
	expect(matches(SWITCHER, pressed('k', ['ctrl', 'meta']), false)).toBe(false);
});

test('what is held besides makes it another key', () => {
	expect(matches(UNREAD, pressed('ArrowDown', ['alt', 'shift']), false)).toBe(true);
	expect(matches(UNREAD, pressed('ArrowDown', ['alt']), false)).toBe(false);
	expect(matches(SWITCHER, pressed('K', ['ctrl', 'shift']), false)).toBe(false);
	expect(matches(SWITCHER, pressed('k', ['ctrl', 'alt']), false)).toBe(false);
	expect(matches(SWITCHER, pressed('k'), false)).toBe(false);
});

test('a letter is the same with Shift or Caps Lock', () => {
	const inbox: Chord = { key: 'a', mod: true, shift: true };
	expect(matches(inbox, pressed('A', ['ctrl', 'shift']), false)).toBe(true);
	expect(matches(SWITCHER, pressed('K', ['ctrl']), false)).toBe(true);
});

test('a sign is found with and without Shift, as the keyboard has it', () => {
	expect(matches(MAP, pressed('?', ['shift']), false)).toBe(true);
	expect(matches(MAP, pressed('?'), false)).toBe(true);
	expect(matches({ key: '/', mod: true }, pressed('/', ['ctrl', 'shift']), false)).toBe(true);
});

test('where the keyboard writes another script, letters are found by their place', () => {
	expect(matches(SWITCHER, pressed('л', ['ctrl'], 'KeyK'), false)).toBe(true);
	// A Latin keyboard with other places keeps its own letters.
	expect(matches(SWITCHER, pressed('t', ['ctrl'], 'KeyK'), false)).toBe(false);
	expect(matches({ key: 'z', mod: true }, pressed('z', ['ctrl'], 'KeyY'), false)).toBe(true);
});

test('keys are written as the system writes them', () => {
	expect(shortcutOf(SWITCHER, {}, false)).toBe('Ctrl+K');
	expect(shortcutOf(SWITCHER, {}, true)).toBe('⌘K');
	expect(shortcutOf(UNREAD, {}, true)).toBe('⌥⇧↓');
	expect(shortcutOf(UNREAD, { Shift: 'Mayús' }, false)).toBe('Alt+Mayús+↓');
	expect(ariaShortcutOf(SWITCHER, true)).toBe('Meta+K');
	expect(ariaShortcutOf(UNREAD, false)).toBe('Alt+Shift+ArrowDown');
});
