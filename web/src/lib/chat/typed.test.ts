import { describe, expect, it } from 'vitest';
import { typing, type Typed } from './typed';

const key = (key: string, more: Partial<KeyboardEvent> = {}) =>
	({ key, isComposing: false, ctrlKey: false, metaKey: false, altKey: false, ...more }) as KeyboardEvent;

const type = (...keys: string[]) =>
	keys.reduce<Typed | null>((typed, next) => typing(typed, key(next)) ?? typed, null);

describe('what is typed before the field is there', () => {
	it('is kept in its order, of any script', () => {
		expect(type('j', 'ú', '🌿')).toEqual({ text: 'jú🌿', entered: false });
	});

	it('loses its last letter to Backspace', () => {
		expect(type('a', '🌿', 'Backspace')).toEqual({ text: 'a', entered: false });
		expect(type('Backspace')).toEqual({ text: '', entered: false });
	});

	it('ends with Enter', () => {
		expect(type('a', 'Enter', 'b', 'Backspace')).toEqual({ text: 'a', entered: true });
	});

	it('leaves alone what does not write', () => {
		expect(typing(null, key('Escape'))).toBeNull();
		expect(typing(null, key('ArrowDown'))).toBeNull();
		expect(typing(null, key('k', { ctrlKey: true }))).toBeNull();
		expect(typing(null, key('a', { isComposing: true }))).toBeNull();
	});
});
