import type { Token, Tokens } from 'marked';
import { linkify } from '$lib/messages/linkify';
import { isEmojiOnly } from './emoji';
import { tokensOf } from './grammar';
import type { Block, Inline, Item } from './tree';

/** A text, understood. */
export interface Parsed {
	blocks: readonly Block[];
	/** Whether it is a few emoji and nothing else. */
	emoji: boolean;
}

/** So many texts are kept as understood: those of the rows that come and go while somebody scrolls. */
const MOST_KEPT = 400;
/** Longer texts are not kept. */
const LONGEST_KEPT = 8000;

const kept = new Map<string, Parsed>();

/** What a text means, as a tree to draw. Its words, spaces and line breaks are those that were typed. */
export function parse(text: string): Parsed {
	const known = kept.get(text);
	if (known) return known;
	const parsed = { blocks: blocksOf(tokensOf(text), true), emoji: isEmojiOnly(text) };
	if (text.length > LONGEST_KEPT) return parsed;
	if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!);
	kept.set(text, parsed);
	return parsed;
}

/** @param whole Whether these are the whole text, of which the empty lines around it are a part, too. */
function blocksOf(tokens: readonly Token[], whole = false): Block[] {
	const blocks: Block[] = [];
	// Paragraphs that follow each other stay one text, with the empty lines that were typed between them.
	let prose: Inline[] | undefined;
	let gap = '';
	const write = (inlines: readonly Inline[]) => {
		prose ??= [];
		if (prose.length > 0 || (whole && blocks.length === 0)) prose.push({ kind: 'text', text: gap });
		prose.push(...inlines);
		gap = '';
	};
	const end = (last = false) => {
		if (prose && whole && last) prose.push({ kind: 'text', text: gap });
		if (prose) blocks.push({ kind: 'prose', inlines: tidied(prose, false) });
		prose = undefined;
		gap = '';
	};
	for (const token of tokens as Tokens.Generic[]) {
		switch (token.type) {
			case 'space':
				gap += token.raw;
				continue;
			case 'code':
				end();
				blocks.push({ kind: 'code', language: token.lang || undefined, text: token.text });
				continue;
			case 'blockquote':
				end();
				blocks.push({ kind: 'quote', blocks: blocksOf(token.tokens!) });
				continue;
			case 'list':
				end();
				blocks.push({ kind: 'list', ordered: token.ordered, items: itemsOf(token as Tokens.List) });
				continue;
			// Boxes to tick are not ours: they are what was typed.
			case 'checkbox':
				write([{ kind: 'text', text: token.raw }]);
				continue;
			default:
				write(token.tokens ? token.tokens.map(inlineOf) : [{ kind: 'text', text: token.raw }]);
				gap = '\n'.repeat(breaksAtEnd(token.raw));
		}
	}
	end(true);
	return blocks;
}

function itemsOf(list: Tokens.List): Item[] {
	let before: { typed: number; value: number } | undefined;
	return list.items.map((item) => {
		const blocks = blocksOf(item.tokens);
		if (!list.ordered) return { blocks };
		// As typed: somebody may answer questions 2 and 5. A number that is repeated asks to be counted on.
		const typed = parseInt(item.raw.trimStart(), 10);
		before = { typed, value: typed === before?.typed ? before.value + 1 : typed };
		return { value: before.value, blocks };
	});
}

function inlineOf(token: Token): Inline {
	const { type, raw, tokens } = token as Tokens.Generic;
	const inner = () => tidied(tokens!.map(inlineOf), type === 'link');
	switch (type) {
		case 'strong':
		case 'em':
		case 'spoiler':
			return { kind: type, inlines: inner() };
		case 'del':
			return { kind: 'strike', inlines: inner() };
		case 'link':
			return { kind: 'link', href: (token as Tokens.Link).href, labelled: true, inlines: inner() };
		case 'codespan':
			return { kind: 'code', text: (token as Tokens.Codespan).text };
		default:
			return { kind: 'text', text: raw };
	}
}

/** With texts that touch as one, and addresses in them as links. */
function tidied(inlines: readonly Inline[], inLink: boolean): Inline[] {
	const tidy: Inline[] = [];
	let text = '';
	const write = () => {
		if (inLink) {
			if (text) tidy.push({ kind: 'text', text });
		} else
			for (const piece of linkify(text)) {
				const inline: Inline = { kind: 'text', text: piece.text };
				tidy.push(
					piece.href
						? { kind: 'link', href: piece.href, labelled: false, inlines: [inline] }
						: inline
				);
			}
		text = '';
	};
	for (const inline of inlines) {
		if (inline.kind === 'text') {
			text += inline.text;
			continue;
		}
		write();
		tidy.push(inline);
	}
	write();
	return tidy;
}

function breaksAtEnd(text: string): number {
	let start = text.length;
	while (text[start - 1] === '\n') start--;
	return text.length - start;
}
