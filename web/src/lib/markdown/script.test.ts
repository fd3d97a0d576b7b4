import { render } from 'svelte/server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { tidy } from '$lib/messages/text';
import { Random } from '$lib/testing/model/random';
import { nasty } from '$lib/testing/nasty';
import Blocks from './Blocks.svelte';
import { highlighter } from './highlighter.svelte';
import { parse } from './parse';
import type { Block, Inline } from './tree';
import { wordsOf } from './words';

// The longer form: OLHA_FUZZ_TEXTS=100000 OLHA_FUZZ_SEED=7 npm run fuzz
const TEXTS = Number(process.env.OLHA_FUZZ_TEXTS ?? 1_500);
const SEED = Number(process.env.OLHA_FUZZ_SEED ?? 1);

const NAMES = {
	person: (name: string) => (name === 'ana' ? { title: 'Ana "><b>', own: false } : undefined),
	rooms: () => [{ id: 1, name: 'room 1' }]
};

/** What drawing makes use of, and nothing else. */
const ELEMENTS: Record<string, readonly string[]> = {
	p: [],
	blockquote: [],
	ol: ['style'],
	ul: [],
	li: ['value'],
	figure: [],
	figcaption: [],
	pre: ['tabindex', 'role', 'aria-label'],
	code: [],
	strong: [],
	em: [],
	s: [],
	span: ['title', 'data-mention', 'role'],
	a: ['href', 'title', 'target', 'rel'],
	button: ['type', 'aria-expanded', 'aria-label', 'title'],
	svg: [
		'xmlns',
		'width',
		'height',
		'viewBox',
		'viewbox',
		'fill',
		'stroke',
		'stroke-width',
		'stroke-linecap',
		'stroke-linejoin',
		'aria-hidden'
	],
	path: ['d'],
	circle: ['cx', 'cy', 'r'],
	rect: ['width', 'height', 'x', 'y', 'rx', 'ry']
};

const TAG = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[^\s"'<>/=]+(?:="[^"<]*")?)*)\s*\/?>/y;

/** Each element of a page with its attributes; anything else that could begin markup is an error. */
function* elementsOf(html: string): Generator<{ name: string; attributes: [string, string][] }> {
	const page = html.replace(/<!--[^<>]*?-->/g, '');
	for (let at = page.indexOf('<'); at >= 0; at = page.indexOf('<', TAG.lastIndex)) {
		TAG.lastIndex = at;
		const found = TAG.exec(page);
		if (!found) throw new Error(`Not an element that is ours: ${page.slice(at, at + 80)}`);
		const [, closing, name, rest] = found as unknown as [string, string, string, string];
		if (closing) continue;
		const attributes = [...rest.matchAll(/([^\s"'<>/=]+)(?:="([^"]*)")?/g)];
		yield { name, attributes: attributes.map(([, key, value]) => [key!, value ?? '']) };
	}
}

function checkDrawn(html: string) {
	for (const { name, attributes } of elementsOf(html)) {
		const allowed = ELEMENTS[name];
		if (!allowed) throw new Error(`An element of the kind ${name}`);
		for (const [key, value] of attributes) {
			if (key !== 'class' && !allowed.includes(key)) throw new Error(`${name} has an attribute ${key}`);
			if (key === 'href')
				checkHref(value.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&'));
			if (key === 'style' && !/^padding-inline-start: ?\d+ch;?$/.test(value))
				throw new Error(`a style: ${value}`);
		}
	}
}

function checkHref(href: string) {
	if (href === '/rooms/1') return;
	const { protocol } = new URL(href);
	if (!['http:', 'https:', 'mailto:'].includes(protocol)) throw new Error(`A link to ${href}`);
}

function checkInlines(inlines: readonly Inline[]) {
	for (const inline of inlines)
		switch (inline.kind) {
			case 'text':
			case 'code':
				expect(typeof inline.text).toBe('string');
				break;
			case 'link':
				checkHref(inline.href);
				checkInlines(inline.inlines);
				break;
			case 'strong':
			case 'em':
			case 'strike':
			case 'spoiler':
				checkInlines(inline.inlines);
				break;
			default:
				throw new Error(`A part of the kind ${(inline as Inline).kind}`);
		}
}

function checkBlocks(blocks: readonly Block[]) {
	for (const block of blocks)
		switch (block.kind) {
			case 'prose':
				checkInlines(block.inlines);
				break;
			case 'quote':
				checkBlocks(block.blocks);
				break;
			case 'list':
				for (const { value, blocks } of block.items) {
					if (value !== undefined) expect(Number.isSafeInteger(value)).toBe(true);
					checkBlocks(blocks);
				}
				break;
			case 'code':
				if (block.language !== undefined) expect(block.language).toMatch(/^[\w+#.-]{1,40}$/);
				break;
			default:
				throw new Error(`A block of the kind ${(block as Block).kind}`);
		}
}

beforeAll(async () => {
	vi.stubGlobal('location', { origin: 'http://olha' });
	await highlighter.load();
});
afterAll(() => vi.unstubAllGlobals());

test(
	`nothing that ${TEXTS} nasty texts say becomes markup, and no link leads to anything but pages and mailboxes`,
	() => {
		for (let seed = SEED; seed < SEED + TEXTS; seed++) {
			const random = new Random(seed);
			const text = nasty(random, random.chance(0.05) ? 4_000 : 1 + random.below(200));
			try {
				const { blocks } = parse(text);
				checkBlocks(blocks);
				checkDrawn(render(Blocks, { props: { blocks, names: NAMES } }).body);
				expect(typeof wordsOf(text)).toBe('string');
			} catch (cause) {
				throw new Error(`Seed ${seed}: ${JSON.stringify(text)}\n${(cause as Error).message}`, {
					cause
				});
			}
		}
	},
	TEXTS * 50
);

test.each([
	'<script>alert(1)</script>',
	'<p onclick="alert(1)">',
	'<a href="javascript:alert(1)">',
	'<a href="java\tscript:alert(1)">',
	'<a href="//x.org">',
	'<ol style="background: url(x)">',
	'<p title="<b>">',
	'<'
])('%j would be found', (html) => expect(() => checkDrawn(html)).toThrow());

/** What the server makes of a text before it stores it: src/Olha.Server/Messages/Draft.cs. */
const stored = (text: string) =>
	text.includes('\r') ? text.replace(/\r\n|[\n\r\f\u0085\u2028\u2029]/g, '\n') : text;

test('what one sees at once is what one sees when it is stored', () => {
	for (let seed = SEED; seed < SEED + TEXTS; seed++) {
		const sent = tidy(nasty(new Random(seed), 300));
		expect(stored(sent), `seed ${seed}`).toBe(sent);
		const first = JSON.stringify(parse(sent));
		// Once more from the start: another text's tree, kept under another key, must not be this one's.
		expect(JSON.stringify(parse(stored(sent))), `seed ${seed}`).toBe(first);
		expect(tidy(sent), `seed ${seed}`).toBe(sent);
	}
});
