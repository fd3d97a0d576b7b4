import { expect, test } from 'vitest';
import { isEmojiOnly, splitEmoji } from './emoji';

test.each(['👍', '❤️', '👍🏽', '👩‍👩‍👧‍👦', '🏳️‍🌈', '🇧🇷', '🇧🇷🇵🇹', '4️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👩🏽‍🚀', '👩‍❤️‍👨', '😀 😀\n😀', '😀😀😀😀😀😀'])(
	'%s is large',
	(text) => expect(isEmojiOnly(text)).toBe(true)
);

test.each([
	'',
	' ',
	'4',
	'#',
	'*',
	'a',
	'😀 a',
	'😀😀😀😀😀😀😀',
	'©',
	'™',
	'❤',
	'\u{1F1E7}',
	'\u{1F3FD}a',
	'\u200d'
])('%j is not', (text) => expect(isEmojiOnly(text)).toBe(false));

test.each([
	['sem', ['sem']],
	['nº 4 — “aspas”, ❤ e ™', ['nº 4 — “aspas”, ❤ e ™']],
	['viva 🎉🎉, 4 de 2️⃣!', ['viva ', '*🎉🎉', ', 4 de ', '*2️⃣', '!']],
	['👩🏽‍🚀 e ❤️', ['*👩🏽‍🚀', ' e ', '*❤️']]
])('the emoji of "%s" are told apart', (text, pieces) => {
	expect(splitEmoji(text).map((piece) => (piece.emoji ? '*' : '') + piece.text)).toEqual(pieces);
});
