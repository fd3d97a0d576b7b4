/** A key with what is held down beside it. */
export interface Chord {
	/** As `KeyboardEvent.key` names it; letters in lower case. */
	key: string;
	/** Command on Apple systems, Control elsewhere. */
	mod?: true;
	alt?: true;
	shift?: true;
}

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Whether keys are called and placed as Apple does it. */
export const isApple = (platform = navigator.platform) => /^(Mac|iPhone|iPad|iPod)/.test(platform);

/** Whether exactly this was pressed. */
export function matches(chord: Chord, event: Pressed, apple = isApple()): boolean {
	const [mod, other] = apple ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
	return (
		!other &&
		mod === (chord.mod ?? false) &&
		event.altKey === (chord.alt ?? false) &&
		// Whether a sign needs Shift is the keyboard's affair.
		(isSign(chord.key) || event.shiftKey === (chord.shift ?? false)) &&
		letterOf(event) === chord.key
	);
}

/** How the keys are written, one after the other: `⌘` `K`, `Ctrl` `K`. */
export function keysOf(chord: Chord, names: Readonly<Record<string, string>>, apple = isApple()): string[] {
	const held = [
		chord.mod && (apple ? '⌘' : 'Ctrl'),
		chord.alt && (apple ? '⌥' : 'Alt'),
		chord.shift && (apple ? '⇧' : (names.Shift ?? 'Shift'))
	];
	const key = names[chord.key] ?? SIGNS[chord.key] ?? chord.key.toUpperCase();
	return [...held.filter((name) => typeof name === 'string'), key];
}

/** In one word: `⌘K`, `Ctrl+K`. */
export function shortcutOf(chord: Chord, names: Readonly<Record<string, string>> = {}, apple = isApple()) {
	return keysOf(chord, names, apple).join(apple ? '' : '+');
}

/** For `aria-keyshortcuts`. */
export function ariaShortcutOf(chord: Chord, apple = isApple()): string {
	const held = [
		chord.mod && (apple ? 'Meta' : 'Control'),
		chord.alt && 'Alt',
		chord.shift && 'Shift',
		chord.key.length === 1 ? chord.key.toUpperCase() : chord.key
	];
	return held.filter(Boolean).join('+');
}

const SIGNS: Readonly<Record<string, string>> = {
	ArrowUp: '↑',
	ArrowDown: '↓',
	ArrowLeft: '←',
	ArrowRight: '→',
	Escape: 'Esc'
};

const isSign = (key: string) => key.length === 1 && !/\p{L}|\p{N}/u.test(key);

// Where the keyboard writes another script, a letter is found by its place.
function letterOf({ key, code }: Pressed): string {
	if (key.length !== 1) return key;
	const lower = key.toLowerCase();
	const placed = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
	return placed !== undefined && lower > '\u007f' ? placed : lower;
}
