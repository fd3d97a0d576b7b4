import type { Locale } from '$lib/i18n/language.svelte';

export interface Emoji {
	/** Without a tone of skin. */
	sign: string;
	/** Without colons; the best known first. */
	codes: readonly string[];
	/** What it is called in the language of the list. */
	label: string;
	/** Further words to find it by. */
	tags: readonly string[];
	/** Whether its skin has tones. */
	toned: boolean;
	/** Of Unicode's emoji; 0 for those that every system draws. */
	version: number;
}

/** Unicode's groups, in its order. */
export const GROUPS = [
	'smileys',
	'people',
	'nature',
	'food',
	'travel',
	'activities',
	'objects',
	'symbols',
	'flags'
] as const;

export type Group = (typeof GROUPS)[number];

/** All emoji, called what one language calls them. */
export class EmojiList {
	readonly groups: readonly { group: Group; emoji: readonly Emoji[] }[];
	readonly all: readonly Emoji[];
	readonly #byCode = new Map<string, Emoji>();
	readonly #bySign = new Map<string, Emoji>();

	/** @param shapes and words, as trim.ts writes them */
	constructor(shapes: string, words: string) {
		const called = words.split('\n');
		let next = 0;
		this.groups = shapes.split('\n\n').map((lines, index) => ({
			group: GROUPS[index]!,
			emoji: lines.split('\n').map((line) => emojiOf(line, called[next++]!))
		}));
		this.all = this.groups.flatMap(({ emoji }) => emoji);
		for (const emoji of this.all) {
			this.#bySign.set(emoji.sign, emoji);
			for (const code of emoji.codes) this.#byCode.set(code, emoji);
		}
	}

	/** @param code without colons, in any case */
	byCode(code: string): Emoji | undefined {
		const same = code.toLowerCase();
		return this.#byCode.get(same) ?? this.#byCode.get(same.replaceAll('-', '_'));
	}

	bySign(sign: string): Emoji | undefined {
		return this.#bySign.get(sign);
	}
}

function emojiOf(line: string, called: string): Emoji {
	const [sign, codes, toned, version] = line.split('\t');
	const [label, ...tags] = called.split('\t');
	return {
		sign: sign!,
		codes: codes!.split(' '),
		label: label!,
		tags,
		toned: toned === '+',
		version: Number(version ?? 0)
	};
}

const WORDS: Record<Locale, () => Promise<{ default: string }>> = {
	en: () => import('virtual:emoji/en'),
	'pt-BR': () => import('virtual:emoji/pt'),
	es: () => import('virtual:emoji/es')
};

const held = new Map<Locale, EmojiList>();

/** The list, when it has been loaded before. */
export const heldEmoji = (locale: Locale): EmojiList | undefined => held.get(locale);

/** Fetches the list the first time; throws when the server cannot be reached. */
export async function loadEmoji(locale: Locale): Promise<EmojiList> {
	let list = held.get(locale);
	if (list) return list;
	const [shapes, words] = await Promise.all([import('virtual:emoji/shapes'), WORDS[locale]()]);
	list = held.get(locale) ?? new EmojiList(shapes.default, words.default);
	held.set(locale, list);
	return list;
}
