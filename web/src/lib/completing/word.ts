import { isInCode } from './code';

export type Sign = '@' | '#' | ':';

/** What is being typed behind a sign that can be completed. */
export interface Word {
	sign: Sign;
	/** What was typed behind the sign, up to the caret. */
	query: string;
	/** Where the sign stands. */
	start: number;
	/** Where the caret stands. */
	end: number;
}

// A sign in the middle of a word is part of it: an address of mail, a time, C#. Of a smiley, the part behind the colon has no two letters.
const FORMS: readonly (readonly [Sign, RegExp])[] = [
	['@', /(?<![\p{L}\p{Nd}_.@-])@([\p{L}\p{Nd}_.-]{0,32})$/u],
	['#', /(?<![^\s(])#([\p{L}\p{Nd}_.-]{0,64})$/u],
	[':', /(?<![\p{L}\p{Nd}:]):([\p{L}\p{Nd}+][\p{L}\p{Nd}_+-]{1,64}|-1)$/u]
];

const SHORTCODE = /(?<![\p{L}\p{Nd}:]):([\p{L}\p{Nd}_+-]{2,64}):$/u;

/** Further back, nothing is looked for. */
const LONGEST = 80;

/** The word that ends at the caret, when it can be completed. */
export function wordAt(text: string, caret: number): Word | null {
	const from = Math.max(0, caret - LONGEST);
	const before = text.slice(from, caret);
	for (const [sign, form] of FORMS) {
		const match = form.exec(before);
		if (match && !isInCode(text, caret))
			return { sign, query: match[1]!, start: from + match.index, end: caret };
	}
	return null;
}

/** A whole `:shortcode:` that ends at the caret: where it begins, and what stands between the colons. */
export function shortcodeAt(text: string, caret: number): { start: number; code: string } | null {
	const from = Math.max(0, caret - LONGEST);
	const match = SHORTCODE.exec(text.slice(from, caret));
	return match && !isInCode(text, caret) ? { start: from + match.index, code: match[1]! } : null;
}
