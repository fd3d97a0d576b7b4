import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';
import { shapes, words, type Described, type Shortcodes } from './trim.ts';

const require = createRequire(import.meta.url);
const read = <T>(file: string): T =>
	JSON.parse(readFileSync(require.resolve(`emojibase-data/${file}`), 'utf8'));

/** By the names that people bring along: GitHub's, then Slack's, then emojibase's own. */
const SETS = ['github', 'iamcal', 'emojibase'];

/** The text of `virtual:emoji/…`: `shapes`, or the words of a language. */
export function emojiText(name: string): string {
	return name === 'shapes'
		? shapes(
				read<Described[]>('en/data.json'),
				SETS.map((set) => read<Shortcodes>(`en/shortcodes/${set}.json`))
			)
		: words(read<Described[]>(`${name}/data.json`));
}

/** Serves the trimmed emoji data as modules of their own, fetched when they are wanted. */
export function emojiData(): Plugin {
	const PREFIX = 'virtual:emoji/';
	return {
		name: 'emoji-data',
		resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
		load: (id) =>
			id.startsWith(`\0${PREFIX}`)
				? `export default ${JSON.stringify(emojiText(id.slice(PREFIX.length + 1)))};`
				: undefined
	};
}
