import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from './parse';
import type { Block, Inline } from './tree';

/** A tree as text, with its parts in brackets that say what they are. */
function drawn(blocks: readonly Block[]): string {
	return blocks.map(drawnBlock).join('|');
}

function drawnBlock(block: Block): string {
	switch (block.kind) {
		case 'prose':
			return line(block.inlines);
		case 'code':
			return `code:${block.language ?? ''}(${block.text})`;
		case 'quote':
			return `quote(${drawn(block.blocks)})`;
		case 'list':
			return `${block.ordered ? 'ol' : 'ul'}(${block.items
				.map(({ value, blocks }) => `${value === undefined ? '' : `${value}:`}${drawn(blocks)}`)
				.join(';')})`;
	}
}

function line(inlines: readonly Inline[]): string {
	return inlines
		.map((inline) => {
			switch (inline.kind) {
				case 'text':
					return inline.text;
				case 'code':
					return `code(${inline.text})`;
				case 'link':
					return `link:${inline.href}(${line(inline.inlines)})`;
				default:
					return `${inline.kind}(${line(inline.inlines)})`;
			}
		})
		.join('');
}

const draw = (text: string) => drawn(parse(text).blocks);

/** All that can be read of a text. */
function words(blocks: readonly Block[]): string {
	return blocks
		.map((block) => {
			switch (block.kind) {
				case 'prose':
					return wordsIn(block.inlines);
				case 'code':
					return `${block.language ?? ''} ${block.text}`;
				case 'quote':
					return words(block.blocks);
				case 'list':
					return block.items.map(({ blocks }) => words(blocks)).join(' ');
			}
		})
		.join(' ');
}

const wordsIn = (inlines: readonly Inline[]): string =>
	inlines.map((inline) => ('text' in inline ? inline.text : wordsIn(inline.inlines))).join('');

function depthOf(blocks: readonly Block[]): number {
	const inner = (inlines: readonly Inline[]): number =>
		Math.max(0, ...inlines.map((inline) => ('inlines' in inline ? 1 + inner(inline.inlines) : 0)));
	return Math.max(
		0,
		...blocks.map((block) => {
			if (block.kind === 'prose') return inner(block.inlines);
			if (block.kind === 'quote') return 1 + depthOf(block.blocks);
			return block.kind === 'list' ? 1 + Math.max(...block.items.map((i) => depthOf(i.blocks))) : 1;
		})
	);
}

describe('within a line', () => {
	test.each([
		['**b** and *i* or _i_', 'strong(b) and em(i) or em(i)'],
		['***both***', 'em(strong(both))'],
		['**b _i_ b**', 'strong(b em(i) b)'],
		['~~gone~~', 'strike(gone)'],
		['`code` and ``a ` b``', 'code(code) and code(a ` b)'],
		['`` `a` ``', 'code(`a`)'],
		['`**no** @markup`', 'code(**no** @markup)'],
		['||hidden *so*||, shown', 'spoiler(hidden em(so)), shown'],
		['[here](https://x.org/a_(b))', 'link:https://x.org/a_(b)(here)'],
		['[a *b*](mailto:ana@x.org)', 'link:mailto:ana@x.org(a em(b))'],
		['[Ana \\[A\\] in B](https://x.org)', 'link:https://x.org/(Ana [A] in B)'],
		['**https://x.org/_a_b**', 'strong(link:https://x.org/_a_b(https://x.org/_a_b))'],
		[
			'see https://x.org/*a*, (ana@x.org).',
			'see link:https://x.org/*a(https://x.org/*a)*, (link:mailto:ana@x.org(ana@x.org)).'
		],
		['![x](https://x.org/y.png)', '!link:https://x.org/y.png(x)'],
		['<https://x.org>', '<link:https://x.org/(https://x.org)>']
	])('%j', (text, tree) => expect(draw(text)).toBe(tree));
});

describe('below each other', () => {
	test.each([
		['- a\n- b\n  - c\n- d', 'ul(a;b|ul(c);d)'],
		['* a\n\n* b', 'ul(a;b)'],
		['- a\n  more\n- b\nafter', 'ul(a\nmore;b)|after'],
		['before\n- a', 'before|ul(a)'],
		['1. a\n2. b', 'ol(1:a;2:b)'],
		['1. a\n1. b\n1. c', 'ol(1:a;2:b;3:c)'],
		['2. yes\n5. no', 'ol(2:yes;5:no)'],
		['It was in\n1987. A good year', 'It was in\n1987. A good year'],
		['- [ ] a\n- [x] b', 'ul([ ] a;[x] b)'],
		['> a\n> b\nanswer', 'quote(a\nb)|answer'],
		['> a\n>\n> > b', 'quote(a|quote(b))'],
		['> - a\n> - b', 'quote(ul(a;b))'],
		['> ```\n> x\n> ```', 'quote(code:(x))'],
		['```ts\nlet a = 1;\n\n  let b;\n```\nafter', 'code:ts(let a = 1;\n\n  let b;)|after'],
		['before\n```\nnever closed\n**', 'before|code:(never closed\n**)'],
		['```SELECT *\nFROM a\n```', 'code:(SELECT *\nFROM a)'],
		['a\n\n**b**\n\n\n- c\n\nd', 'a\n\nstrong(b)|ul(c)|d']
	])('%j', (text, tree) => expect(draw(text)).toBe(tree));
});

describe('what is not markup here stays what was typed', () => {
	test.each([
		'plain',
		'two\nlines  \n   and  spaces\t.',
		'\n\nempty\n\n\n\nlines\n',
		'# x',
		'x\n===\ny\n---',
		'---',
		'***',
		'* * *',
		'    indented',
		'<b>x</b> <!-- y --> <script>alert(1)</script>',
		'<div>\n\n**\n\n</div>',
		'&amp; &#65; &lt;',
		'[a]: https\n[a] [a][a]',
		'| a | b |\n|---|---|\n| 1 | 2 |',
		'~~~\nx\n~~~',
		'~5 to ~6',
		'snake_case_name and __init__ and 2*3*4 a',
		'¯\\_(ツ)_/¯',
		'\\*not so\\* C:\\dir\\_x',
		'a || b || c',
		'>:( >_<',
		'-',
		'+1',
		'1.',
		'>',
		'```',
		'``` ```',
		'```\n```',
		'[a](javascript:alert(1))',
		'[a](data:text/html,x) [b](//x.org) [c](/rooms/1) [ ](x)',
		'@_ana_ and @x_y_'
	])('%j', (text) => {
		const { blocks } = parse(text);
		expect(blocks).toEqual([{ kind: 'prose', inlines: [{ kind: 'text', text }] }]);
	});
});

test('a text is understood once', () => {
	expect(parse('said **twice**')).toBe(parse('said **twice**'));
});

describe('any text', () => {
	const word = fc.constantFrom('amanhã', 'vento', 'b', 'Olá', 'x1', '東京');
	const sign = fc.constantFrom(
		...['*', '**', '_', '__', '~~', '`', '```', '||', '|', '[', ']', '](', ')', '> ', '>', '- ', '1. '],
		...[
			'# ',
			'\n',
			'\n\n',
			'\n  ',
			' ',
			'<',
			'>',
			'&',
			'\\',
			'@',
			'#',
			'https://x.org/',
			'!',
			'\n```\n',
			'---'
		]
	);

	test('keeps its words, in their order', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(word, sign), { maxLength: 60 }), (parts) => {
				// A link's address is not read, and a number may become a list's; all else is.
				const text = parts.join('').replaceAll('](https://', '] (https://');
				const read = (from: string) => from.match(/[\p{L}]+/gu) ?? [];
				expect(read(words(parse(text).blocks)).join('')).toBe(read(text).join(''));
			}),
			{ numRuns: 3000 }
		);
	});

	test('is understood, whatever it is', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }), sign)), (parts) => {
				expect(depthOf(parse(parts.join('')).blocks)).toBeLessThan(20);
			}),
			{ numRuns: 1000 }
		);
	});

	const units = [
		'>',
		'> ',
		'*',
		'**a',
		'*a ',
		'*a*',
		'*a **b ',
		'[',
		'[a](',
		'[[a]',
		'](',
		'`',
		'``a',
		'||'
	];
	units.push(
		'||a ',
		'_a ',
		'~~a ',
		'- ',
		'1. ',
		'\n',
		'\n- a',
		'> - ',
		'a\n> b\n',
		'<',
		'<b ',
		'<!-->',
		'&'
	);
	units.push(
		'\\',
		'http://',
		'a@',
		'@',
		'#a',
		'|-|\n',
		'```\n',
		'```a\n',
		' ',
		'  \n',
		'a.',
		'[a](https://x.org/'
	);

	test.each(units)('takes no long time over many %j', (unit) => {
		for (const end of ['', ' b* b** b_ b~~ ]( ) || ```']) {
			const text = `${unit.repeat(Math.ceil(16_000 / unit.length))}${end}`;
			const started = performance.now();
			const { blocks } = parse(text);
			// Some 40 ms on a slow machine that does other things, too: what grows with the square takes seconds.
			expect(performance.now() - started).toBeLessThan(1000);
			expect(depthOf(blocks)).toBeLessThan(20);
		}
	});
});
