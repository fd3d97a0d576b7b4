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

const OPENING: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** A sentence's punctuation at the end of an address is the sentence's, and so is a bracket that it does not open. */
function withoutTail(shown: string): string {
	let end = endOfAddress(shown, shown.length);
	// Counted once, and then down: an address may end in a thousand brackets.
	const excess = new Map<string, number>();
	for (;;) {
		const closing = shown[end - 1] ?? '';
		const opening = OPENING[closing];
		if (!opening) return shown.slice(0, end);
		const left = excess.get(closing) ?? count(shown, closing, end) - count(shown, opening, end);
		if (left <= 0) return shown.slice(0, end);
		excess.set(closing, left - 1);
		end = endOfAddress(shown, end - 1);
	}
}

/** Where it ends when what closes a sentence is none of it. @param end from where on nothing is looked at */
function endOfAddress(shown: string, end: number): number {
	while (end > 0 && '.,;:!?…\'"*_~'.includes(shown[end - 1]!)) end--;
	return end;
}

/** How often a letter stands before a place. */
function count(text: string, letter: string, end: number) {
	let times = 0;
	for (let at = text.indexOf(letter); at >= 0 && at < end; at = text.indexOf(letter, at + 1)) times++;
	return times;
}
