import { matches, type Chord } from './chord';

// Which key does what. Those who act and the map that shows it read it here.

/** Wherever one is. */
export const EVERYWHERE = {
	switcher: [{ key: 'k', mod: true }],
	roomBefore: [{ key: 'ArrowUp', alt: true }],
	roomAfter: [{ key: 'ArrowDown', alt: true }],
	unreadBefore: [{ key: 'ArrowUp', alt: true, shift: true }],
	unreadAfter: [{ key: 'ArrowDown', alt: true, shift: true }],
	inbox: [{ key: 'a', mod: true, shift: true }],
	readAll: [{ key: 'Escape', shift: true }],
	undoReadAll: [{ key: 'z', mod: true }],
	keys: [{ key: '?' }, { key: '/', mod: true }]
} as const satisfies Readonly<Record<string, readonly Chord[]>>;

/** In the inbox. */
export const IN_INBOX = {
	before: [{ key: 'ArrowUp' }, { key: 'k' }],
	after: [{ key: 'ArrowDown' }, { key: 'j' }],
	open: [{ key: 'Enter' }],
	markRead: [{ key: 'm' }],
	letGo: [{ key: 's' }],
	lists: [{ key: 'ArrowLeft' }, { key: 'ArrowRight' }]
} as const satisfies Readonly<Record<string, readonly Chord[]>>;

export type Command = keyof typeof EVERYWHERE;

/** What the pressed keys ask for; undefined: nothing. */
export function pressedIn<Name extends string>(
	bindings: Readonly<Record<Name, readonly Chord[]>>,
	event: KeyboardEvent
): Name | undefined {
	const named = Object.entries(bindings) as [Name, readonly Chord[]][];
	return named.find(([, chords]) => chords.some((chord) => matches(chord, event)))?.[0];
}
