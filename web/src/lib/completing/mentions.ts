import { codeIn } from './code';

/** The word that means everybody in the room. */
export const EVERYBODY = 'room';

const NAME = /(?<![\p{L}\p{Nd}_.-])@([\p{L}\p{Nd}_.-]+)/gu;

/** Names that one text may name, and how long they are at most, as src/Olha.Server/Messages/MentionText.cs has it. */
const MOST = 50;
const LONGEST = 64;

/** Signs at a name's end that may belong to the sentence. */
const MOST_DOTS = 3;

/** A name behind an `@`, with what it may be without the signs at its end. */
export interface Named {
	/** As it stands in the text, then shorter; small letters. */
	names: readonly string[];
	/** Where it ends in the text. */
	end: number;
}

/** Whom a text names wherever it is not code, each once, in order. */
export function namedIn(text: string): Named[] {
	if (!text.includes('@')) return [];
	const code = codeIn(text);
	const found = new Map<string, Named>();
	for (const match of text.matchAll(NAME)) {
		const name = match[1]!;
		if (name.length > LONGEST || found.size >= MOST || found.has(name)) continue;
		if (code.some(([from, to]) => from <= match.index && match.index < to)) continue;
		found.set(name, { names: shorter(name.toLowerCase()), end: match.index + match[0].length });
	}
	return [...found.values()];
}

function shorter(name: string): string[] {
	const names = [name];
	while (names.length <= MOST_DOTS && /.[._-]$/.test(name)) names.push((name = name.slice(0, -1)));
	return names;
}
