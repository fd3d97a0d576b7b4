// An emoji by its looks, or one that a variation, a skin tone or a joiner makes one; flags; keycaps.
const SHOWN = /(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}(?=[\u{FE0F}\u{200D}\p{Emoji_Modifier}]))/u;
const PERSON = /\p{Extended_Pictographic}\u{FE0F}?\p{Emoji_Modifier}?/u;
const EMOJI = new RegExp(
	[
		/\p{Regional_Indicator}{2}/u,
		/[#*0-9]\u{FE0F}?\u{20E3}/u,
		new RegExp(
			`(?=${SHOWN.source})(?!\\p{Regional_Indicator})${PERSON.source}[\\u{E0020}-\\u{E007F}]*(?:\\u{200D}${PERSON.source})*`,
			'u'
		)
	]
		.map(({ source }) => source)
		.join('|'),
	'u'
);
const FEW = new RegExp(`^\\s*(?:(?:${EMOJI.source})\\s*){1,6}$`, 'u');

const RUNS = new RegExp(`((?:${EMOJI.source})+)`, 'gu');

/** Below it there are no emoji, nor what makes other signs emoji. */
const MAY_BE = /[\u{2000}-\u{10FFFF}]/u;

/** Longer than this, a text is not looked at: the longest six emoji are shorter. */
const LONGEST = 240;

/** Whether a text is one to six emoji and nothing else. */
export function isEmojiOnly(text: string): boolean {
	return text.length <= LONGEST && FEW.test(text);
}

/** A text as the emoji in it and what stands between them. Joined again the pieces are the text. */
export function splitEmoji(text: string): { text: string; emoji: boolean }[] {
	if (!MAY_BE.test(text)) return [{ text, emoji: false }];
	// What stands between is at even places.
	return text
		.split(RUNS)
		.map((piece, index) => ({ text: piece, emoji: index % 2 === 1 }))
		.filter((piece) => piece.text !== '');
}
