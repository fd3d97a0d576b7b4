/** How well a text answers what was typed, from 1 (it is the same) down. */
const SAME = 1;
const BEGINS = 0.9;
const WORDS_IN_ORDER = 0.8;
const WORDS = 0.7;
const INITIALS = 0.55;
const INSIDE = 0.4;

/** Letters that no decomposition brings to their plain form. */
const PLAIN: Readonly<Record<string, string>> = {
	ß: 'ss',
	æ: 'ae',
	œ: 'oe',
	ø: 'o',
	ł: 'l',
	đ: 'd',
	ð: 'd',
	þ: 'th',
	ı: 'i'
};

/** A text as it is compared: without accents and case. */
export function fold(text: string): string {
	return text
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[ßæœøłđðþı]/g, (letter) => PLAIN[letter]!);
}

/** A text that is looked through again and again. */
export interface Folded {
	whole: string;
	words: readonly string[];
}

export function foldedOf(text: string): Folded {
	const whole = fold(text).trim();
	return { whole, words: whole.split(/[^\p{L}\p{N}]+/u).filter(Boolean) };
}

/** How well the text answers the query, above 0 and up to 1; null: not at all. */
export function match(query: Folded, text: Folded): number | null {
	if (query.whole === text.whole) return SAME;
	if (text.whole.startsWith(query.whole)) return BEGINS;
	if (query.words.length > 0) {
		if (inOrder(query.words, text.words)) return WORDS_IN_ORDER;
		if (inAnyOrder(query.words, text.words)) return WORDS;
		if (beginsOfWords(query.words.join(''), text.words)) return INITIALS;
	}
	return text.whole.includes(query.whole) ? INSIDE : null;
}

/** Each word typed begins a word of the text, one behind the other. */
function inOrder(wanted: readonly string[], words: readonly string[]): boolean {
	let from = 0;
	return wanted.every((prefix) => {
		const found = words.findIndex((word, index) => index >= from && word.startsWith(prefix));
		from = found + 1;
		return found >= 0;
	});
}

/** Each word typed begins a word of its own. The longest choose first, for they have the least choice. */
function inAnyOrder(wanted: readonly string[], words: readonly string[]): boolean {
	const left = [...words];
	return [...wanted]
		.sort((a, b) => b.length - a.length)
		.every((prefix) => {
			const found = left.findIndex((word) => word.startsWith(prefix));
			if (found >= 0) left.splice(found, 1);
			return found >= 0;
		});
}

/** What was typed is put together from beginnings of words, some of which may be left out: "mse" for "Mesa do Sena". */
function beginsOfWords(typed: string, words: readonly string[]): boolean {
	if (typed === '') return true;
	return words.some((word, index) => {
		for (let length = commonStart(typed, word); length > 0; length--)
			if (beginsOfWords(typed.slice(length), words.slice(index + 1))) return true;
		return false;
	});
}

function commonStart(a: string, b: string): number {
	let length = 0;
	while (length < a.length && a[length] === b[length]) length++;
	return length;
}
