import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '$lib/testing/model/random';
import { filled, LONGEST, mutated, nasty } from '$lib/testing/nasty';
import { isEmojiOnly, splitEmoji } from './emoji';
import { highlighter } from './highlighter.svelte';
import { findNames } from './names';
import { parse } from './parse';
import type { Block, Inline } from './tree';

// On demand and on a quiet machine: OLHA_FUZZ_CLIMBS=400 npm run fuzz
const CLIMBS = Number(process.env.OLHA_FUZZ_CLIMBS ?? 0);
const STEPS = 60;
const SEED = Number(process.env.OLHA_FUZZ_SEED ?? 1);
/** So many ms for a message as long as it may be. */
const MOST_MS = 50;

const NAMES = {
	person: (name: string) => (name === 'ana' ? { title: 'Ana', own: false } : undefined),
	rooms: () => Array.from({ length: 50 }, (_, at) => ({ id: at + 1, name: `room ${at}` }))
};

let understood = 0;

/** All that is worked out of a text before it is drawn. */
function understand(text: string) {
	// Another text each time: one that was understood before costs nothing.
	const { blocks } = parse(`${text}\n${++understood}`);
	for (const block of blocks) ofBlock(block);
	isEmojiOnly(text);
}

function ofBlock(block: Block) {
	if (block.kind === 'prose') block.inlines.forEach(ofInline);
	if (block.kind === 'quote') block.blocks.forEach(ofBlock);
	if (block.kind === 'list') for (const { blocks } of block.items) blocks.forEach(ofBlock);
	if (block.kind === 'code') highlighter.colour(block.language, block.text);
}

function ofInline(inline: Inline) {
	if (inline.kind === 'text') for (const piece of findNames(inline.text, NAMES)) splitEmoji(piece.text);
	else if (inline.kind !== 'code') inline.inlines.forEach(ofInline);
}

/** How many ms a text takes, at the best of several: what else the machine does is not its fault. */
function cost(text: string, times = 3): number {
	let best = Infinity;
	for (let time = 0; time < times; time++) {
		const begun = performance.now();
		understand(text);
		best = Math.min(best, performance.now() - begun);
	}
	return best;
}

/** The slowest text that is found from one by changing it, and its ms. */
function climb(random: Random, start: string): [string, number] {
	let [text, most] = [start, cost(start, 1)];
	for (let step = 0; step < STEPS; step++) {
		const next = filled(mutated(random, text));
		const ms = cost(next, 1);
		if (ms > most && (most = cost(next)) && ms > 0) text = next;
	}
	return [text, cost(text)];
}

beforeAll(() => highlighter.load());

/** Inputs that once took long, or would where a grammar is careless. */
const HARD: [string, string][] = [
	['stars', '*'],
	['stars that may begin', '*a '],
	['stars that may end', 'a* '],
	['pairs of stars', '**a '],
	['underscores', '_a '],
	['tildes', '~~a '],
	['backticks', '`a '],
	['backticks, ever more', Array.from({ length: 89 }, (_, at) => '`'.repeat(at + 1)).join(' ')],
	['open brackets', '['],
	['labels without an address', '[a]('],
	['nested brackets', '[['],
	['closing brackets behind an address', `https://x.org/${')'.repeat(1_900)} `],
	['addresses', 'http://a.b '],
	['schemes without an end', 'http://'],
	['mailboxes', 'a@b.c'],
	['a name that goes on', 'a.a@'],
	['at signs', '@'],
	['spoilers', '||a '],
	['bars', '|'],
	['quotes', '> '],
	['quotes, line by line', '> a\n'],
	['bullets', '- '],
	['lists in lists', '- a\n  - b\n'],
	['indents', '\t'],
	['spaces', ' '],
	['a bullet and spaces', `- a${' '.repeat(3_000)}`],
	['lines', '\n'],
	['fences', '```\n'],
	['fences with a language', '```js\na\n'],
	['backslashes', '\\'],
	['joined emoji', '👩\u200d'],
	['half flags', '🇧'],
	['tags of flags', '🏴\u{e0067}'],
	['rooms', '#room '],
	['less-thans', '<'],
	['ampersands', '&#x'],
	['combining accents', 'a\u0301']
];

describe('understanding a text takes time as its length does', () => {
	test.each(HARD)(
		'%s',
		(name, piece) => {
			const short = filled(piece, LONGEST / 4);
			const long = filled(piece);
			// Four times the length in four times the time, and some more; a sixteenfold would be the square. What takes next to
			// nothing says nothing.
			const [ms, quarter] = [cost(long, 5), cost(short, 5)];
			if (CLIMBS > 0) console.log(`${ms.toFixed(1)} ms, a quarter ${quarter.toFixed(1)} ms: ${name}`);
			expect(ms).toBeLessThan(Math.max(MOST_MS, 10 * quarter));
		},
		60_000
	);
});

describe.runIf(CLIMBS > 0)('whatever is tried', () => {
	test(
		`no text of ${LONGEST} characters takes more than ${MOST_MS} ms`,
		() => {
			const found: [string, number][] = [];
			for (let seed = SEED; seed < SEED + CLIMBS; seed++) {
				const random = new Random(seed);
				const start = seed % 2 ? nasty(random, LONGEST) : filled(nasty(random, 1 + random.below(40)));
				found.push(climb(random, start));
			}
			found.sort((a, b) => b[1] - a[1]);
			const told = found
				.slice(0, 5)
				.map(([text, ms]) => `${ms.toFixed(1)} ms: ${JSON.stringify(text.slice(0, 160))}`);
			console.log([`Of ${CLIMBS} searches the slowest:`, ...told].join('\n'));
			expect(found[0]![1], JSON.stringify(found[0]![0])).toBeLessThan(MOST_MS);
		},
		CLIMBS * 60_000
	);
});
