/** A piece of a text: as it is, or a link. */
export interface Piece {
	text: string;
	href?: string;
}

// Candidates only: what a URL parser does not take stays text. Bounded, so that no text takes long to look through.
const CANDIDATE =
	/\b(?:https?:\/\/|mailto:)[^\s<>"'`]{1,2000}|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/giu;
const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/** The text in pieces, addresses of pages and of mail as links. Joined again they are the text. */
export function linkify(text: string): Piece[] {
	const pieces: Piece[] = [];
	let end = 0;
	for (const match of text.matchAll(CANDIDATE)) {
		const shown = withoutTail(match[0]);
		const href = hrefOf(shown);
		if (!href) continue;
		if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
		pieces.push({ text: shown, href });
		end = match.index + shown.length;
	}
	if (end < text.length) pieces.push({ text: text.slice(end) });
	return pieces;
}

/** Where an address leads; null when it leads to no page and to no mailbox. */
export function hrefOf(shown: string): string | null {
	const address = /^[a-z]+:/i.test(shown) ? shown : `mailto:${shown}`;
	const url = URL.canParse(address) ? new URL(address) : null;
	if (!url || !SCHEMES.has(url.protocol)) return null;
	return url.protocol === 'mailto:' ? (url.pathname.includes('@') ? url.href : null) : url.href;
}

/** A sentence's punctuation at the end of an address is the sentence's, and so is a bracket that it does not open. */
function withoutTail(shown: string): string {
	for (;;) {
		const trimmed = shown.replace(/[.,;:!?…'"*_~]+$/u, '');
		const closing = trimmed.at(-1);
		const opening = closing === ')' ? '(' : closing === ']' ? '[' : closing === '}' ? '{' : null;
		if (!opening || count(trimmed, opening) >= count(trimmed, closing!)) return trimmed;
		shown = trimmed.slice(0, -1);
	}
}

function count(text: string, letter: string) {
	return text.split(letter).length - 1;
}
