import { expect, test } from 'vitest';
import { EVERYWHERE, IN_INBOX } from './bindings';
import { ariaShortcutOf } from './chord';
import { mapOfKeys } from './map';

test('no key does two things at one place', () => {
	const everywhere = Object.values(EVERYWHERE).flat();
	for (const place of [[], Object.values(IN_INBOX).flat()]) {
		const keys = [...everywhere, ...place].map((chord) => ariaShortcutOf(chord, false));
		expect(new Set(keys).size).toBe(keys.length);
	}
});

test('the map shows every key that is bound', () => {
	const shown = mapOfKeys().flatMap(({ rows }) => rows.flatMap(({ chords }) => chords));
	for (const chord of [EVERYWHERE, IN_INBOX].flatMap((bindings) => Object.values(bindings).flat()))
		expect(shown).toContain(chord);
});
