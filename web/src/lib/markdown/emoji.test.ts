import { expect, test } from 'vitest';
import { isEmojiOnly } from './emoji';

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
