// Runs while the app is built: of emojibase's data (MIT, after Unicode CLDR) only what is shown and searched is shipped.

/** An emoji as emojibase's `data.json` has it, as far as it is used. */
export interface Described {
	hexcode: string;
	emoji: string;
	label: string;
	tags?: string[];
	/** Absent for what is only a part of other emoji. */
	group?: number;
	order?: number;
	version: number;
	skins?: { hexcode: string }[];
}

/** Names by the emoji's hexcode. */
export type Shortcodes = Record<string, string | string[]>;

/** What every system draws by now has no version. */
const OLD = 11;

/** Skin and hair by themselves. */
const COMPONENTS = 2;

/** The emoji that can be picked, in Unicode's order. */
export function pickable(data: readonly Described[]): Described[] {
	return data
		.filter(({ group }) => group !== undefined && group !== COMPONENTS)
		.sort((a, b) => a.order! - b.order!);
}

/**
 * What is the same in all languages: a line for each emoji with its shortcodes, whether its skin has tones, and its
 * version, by tabs; an empty line between groups.
 * @param sets shortcodes; where two sets give one code to different emoji, the earlier set's stands
 */
export function shapes(data: readonly Described[], sets: readonly Shortcodes[]): string {
	const emoji = pickable(data);
	const owners = new Map<string, string>();
	for (const set of sets)
		for (const { hexcode } of emoji)
			for (const code of codesOf(set, hexcode)) if (!owners.has(code)) owners.set(code, hexcode);

	const lines: string[] = [];
	for (const [index, { hexcode, emoji: sign, group, skins, version }] of emoji.entries()) {
		if (index > 0 && group !== emoji[index - 1]!.group) lines.push('');
		const codes = new Set(sets.flatMap((set) => codesOf(set, hexcode)));
		const own = [...codes].filter((code) => owners.get(code) === hexcode).join(' ');
		lines.push([plain(sign), own, skins ? '+' : '', version > OLD ? version : ''].join('\t').trimEnd());
	}
	return lines.join('\n');
}

/** What they are called in one language, in the same order: a line with the label and the words to find it by, by tabs. */
export function words(data: readonly Described[]): string {
	return pickable(data)
		.map(({ label, tags = [] }) => {
			const said = new Set(label.toLowerCase().split(/[\s:,-]+/));
			return [label, ...tags.filter((tag) => !said.has(tag.toLowerCase()))].join('\t');
		})
		.join('\n');
}

/** As Unicode qualifies it: what is in colour by itself does not ask for colour. One emoji, one spelling. */
export function plain(sign: string): string {
	return sign.replace(/(\p{Emoji_Presentation})\uFE0F/gu, '$1');
}

function codesOf(set: Shortcodes, hexcode: string): string[] {
	const codes = set[hexcode] ?? [];
	return (typeof codes === 'string' ? [codes] : codes).map((code) =>
		code.replaceAll('-', '_').replace(/^_1$/, '-1')
	);
}
