import { parse } from './parse';
import type { Block, Inline } from './tree';

/** Longer texts are cut. */
const LONGEST = 140;

/** What a text says in one line that reminds of it, without its marks; what it hides stays hidden. */
export function wordsOf(text: string): string {
	const words = parse(text).blocks.map(ofBlock).join(' ').replace(/\s+/g, ' ').trim();
	const letters = Array.from(words);
	if (letters.length <= LONGEST) return words;
	const cut = letters.slice(0, LONGEST - 1).join('');
	return `${cut.trimEnd()}…`;
}

function ofBlock(block: Block): string {
	switch (block.kind) {
		case 'prose':
			return block.inlines.map(ofInline).join('');
		case 'quote':
			return block.blocks.map(ofBlock).join(' ');
		case 'list':
			return block.items
				.flatMap(({ value, blocks }) => [
					value === undefined ? '•' : `${value}.`,
					...blocks.map(ofBlock)
				])
				.join(' ');
		case 'code':
			return block.text;
	}
}

function ofInline(inline: Inline): string {
	if (inline.kind === 'text' || inline.kind === 'code') return inline.text;
	const words = inline.inlines.map(ofInline).join('');
	return inline.kind === 'spoiler' ? words.replace(/\S/gu, '▒') : words;
}
