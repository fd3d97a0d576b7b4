import { fold } from '$lib/i18n/fold';
import type { Emoji, EmojiList } from './list';

/** What an emoji is found by, folded. */
interface Names {
	emoji: Emoji;
	/** Its shortcodes and its label. */
	whole: readonly string[];
	/** The words of those. */
	parts: readonly string[];
	tags: readonly string[];
}

/** From this length on, the middle of a word counts too. */
const LONG = 3;

const NOT_FOUND = 5;

// Folding two thousand names takes a few milliseconds: once for each list, when somebody searches it.
const indexes = new WeakMap<EmojiList, Names[]>();

/** How well it fits, 0 the best, and the length of the name that does: of two that begin so, the shorter one is meant. */
type Fit = readonly [rank: number, length: number];

/**
 * The emoji that something typed may mean, best first: called so, then beginning so, then with a word that begins so,
 * then by their further words.
 * @param favourites signs that come first among equals
 */
export function search(list: EmojiList, typed: string, favourites: readonly string[] = []): Emoji[] {
	const wanted = fold(typed)
		.replace(/[\s_:]+/g, ' ')
		.trim();
	if (wanted === '') return [];
	const order = new Map(favourites.map((sign, index) => [sign, index]));
	return indexOf(list)
		.map(({ emoji, ...names }) => ({
			emoji,
			fit: fitOf(names, wanted),
			favourite: order.get(emoji.sign) ?? Infinity
		}))
		.filter(({ fit: [rank] }) => rank < NOT_FOUND)
		.sort((a, b) => a.fit[0] - b.fit[0] || compare(a.favourite, b.favourite) || a.fit[1] - b.fit[1])
		.map(({ emoji }) => emoji);
}

// Infinity minus itself is no number.
const compare = (a: number, b: number) => (a === b ? 0 : a - b);

function fitOf(names: Omit<Names, 'emoji'>, wanted: string): Fit {
	const fit = fitOfOne(names, wanted);
	if (fit[0] < NOT_FOUND || !wanted.includes(' ')) return fit;
	// No name has the words in this order: then each of them must fit.
	return [Math.max(...wanted.split(' ').map((word) => fitOfOne(names, word)[0])), 0];
}

function fitOfOne({ whole, parts, tags }: Omit<Names, 'emoji'>, wanted: string): Fit {
	if (whole.includes(wanted)) return [0, 0];
	const names = whole.filter((name) => name.startsWith(wanted));
	if (names.length > 0) return [1, Math.min(...names.map(({ length }) => length))];
	if (parts.some((part) => part.startsWith(wanted))) return [2, 0];
	if (tags.some((tag) => tag.startsWith(wanted))) return [3, 0];
	const found = wanted.length >= LONG && [...whole, ...tags].some((name) => name.includes(wanted));
	return [found ? 4 : NOT_FOUND, 0];
}

function indexOf(list: EmojiList): Names[] {
	let index = indexes.get(list);
	if (!index) {
		index = list.all.map((emoji) => {
			const whole = [...emoji.codes.map((code) => code.replaceAll('_', ' ')), fold(emoji.label)];
			const parts = whole.flatMap((name) => name.split(/[\s:,-]+/).slice(1));
			return { emoji, whole, parts, tags: emoji.tags.map(fold) };
		});
		indexes.set(list, index);
	}
	return index;
}
