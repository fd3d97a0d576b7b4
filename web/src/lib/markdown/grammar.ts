import { Hooks, Lexer, Tokenizer, type Token, type Tokens } from 'marked';
import { hrefOf, linkify } from '$lib/messages/linkify';

// How lines begin that begin a block. Behind a quote's sign is a space, or it is a face: ">:(".
const QUOTE = / {0,3}>(?=[ \t>\n]|$)/.source;
const FENCE = / {0,3}`{3,}[^`\n]*(?:\n|$)/.source;
const BULLET = / {0,3}(?:[*+-]|\d{1,9}[.)])[ \t]+[^ \t\n]/.source;
// Within a paragraph a line's number begins a list only when it is 1: "It was in\n1987. A good year".
const FIRST_BULLET = / {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/.source;
const BLANK = /[ \t]*(?:\n|$)/.source;

const PARAGRAPH = new RegExp(`^[^\\n]+(?:\\n(?!${BLANK}|${QUOTE}|${FENCE}|${FIRST_BULLET})[^\\n]+)*`);
// Only lines that begin with the sign: what is said below a quote is said about it.
const QUOTED = new RegExp(`^${QUOTE}[^\\n]*(?:\\n${QUOTE}[^\\n]*)*`);
const QUOTE_SIGN = /^ {0,3}> ?/gm;
// And a line that has no bullet and no indent is said after the list.
const LISTED = new RegExp(
	`^(?=${BULLET})[^\\n]+(?:\\n(?:[ \\t]*\\n)*(?=${BULLET}|[ \\t]+[^ \\t\\n])[^\\n]+)*`
);
const LANGUAGE = /^[\w+#.-]{1,40}$/;

const SHIELDED = /^\\[!-/:-@[-`{-~]/;
const CODE = /^(`+)([^`](?:[\s\S]*?[^`])?)\1(?!`)/;
const LABELLED =
	/^\[((?:\\[\\[\]]|[^[\]\\]|\\(?![\\[\]])|\[[^[\]]*\]){1,500})\]\(((?:[^\s()<>]|\([^\s()<>]*\)){1,2000})\)/;
const ADDRESS = /^(?:https?:\/\/|mailto:)[^\s<>"'`]{1,2000}/i;
const NAMED = /^@[\p{L}\p{N}_.-]+/u;
// Up to what may mean something. Underscores, tildes and backticks stand together.
const PLAIN = /^(?:_+|~+|`+|[\s\S])[\s\S]*?(?=[\\`*_~[|@]|\b(?:https?:\/\/|mailto:)|$)/i;

/** Deeper than this, signs are only signs: nobody means more, and a page can't be nested without end. */
const DEEPEST = 6;
/** How often a text may be looked through for the ends of what begins in it. */
const LOOKS = 32;

// Marked's, and not of our subset: what is typed is what is shown.
const NOT_OURS = [
	'code',
	'heading',
	'hr',
	'html',
	'def',
	'table',
	'lheading',
	'tag',
	'reflink',
	'br',
	'autolink'
] as const;

/** The tokens of a text in our subset of Markdown. A token's `raw` is what was typed. */
export function tokensOf(text: string): Token[] {
	const subset = new Subset(text.length * LOOKS);
	return new Lexer({
		gfm: true,
		tokenizer: subset,
		hooks: new Mask(),
		extensions: { inline: [(src) => subset.spoiler(src)], renderers: {}, childTokens: {} }
	}).lex(text);
}

/** Marked's tokenizer, without what is not ours, and so that no text takes long. */
class Subset extends Tokenizer {
	#depth = 0;
	#looks: number;

	constructor(looks: number) {
		super();
		this.#looks = looks;
	}

	override blockquote(src: string): Tokens.Blockquote | undefined {
		const raw = this.#depth < DEEPEST ? QUOTED.exec(src)?.[0] : undefined;
		if (raw === undefined || !/[^>\s]/.test(raw)) return undefined;
		const text = raw.replace(QUOTE_SIGN, '');
		const { state } = this.lexer;
		const top = state.top;
		state.top = true;
		const tokens = this.#deeper(() => this.lexer.blockTokens(text, []));
		state.top = top;
		return { type: 'blockquote', raw, text, tokens };
	}

	override list(src: string): Tokens.List | undefined {
		const listed = this.#depth < DEEPEST ? LISTED.exec(src)?.[0] : undefined;
		return listed === undefined ? undefined : this.#deeper(() => super.list(listed));
	}

	override fences(src: string): Tokens.Code | undefined {
		const code = /^ {0,3}`/.test(src) ? super.fences(src) : undefined;
		if (!code || code.text.trim() === '') return undefined;
		// What stands behind the fence and is no language is code that was begun there.
		if (code.lang && !LANGUAGE.test(code.lang)) {
			const first = /^ *`+([^\n]*)/.exec(code.raw)![1]!;
			return { ...code, lang: undefined, text: `${first}\n${code.text}` };
		}
		return code;
	}

	override paragraph(src: string): Tokens.Paragraph | undefined {
		const raw = PARAGRAPH.exec(src)?.[0];
		if (raw === undefined) return undefined;
		return { type: 'paragraph', raw, text: raw, tokens: this.lexer.inline(raw) };
	}

	/** A sign behind a backslash is no markup. Both are shown: a backslash is typed for many reasons. */
	override escape(src: string): Tokens.Escape | undefined {
		const raw = SHIELDED.exec(src)?.[0];
		return raw === undefined ? undefined : { type: 'escape', raw, text: raw };
	}

	override link(src: string): Tokens.Link | undefined {
		const { state } = this.lexer;
		if (src[0] !== '[' || state.inLink || this.#depth >= DEEPEST || !src.includes('](')) return undefined;
		const found = LABELLED.exec(src);
		if (!found) return undefined;
		const [raw, label, address] = found as unknown as [string, string, string];
		const href = hrefOf(address);
		if (!href || label.trim() === '') return undefined;
		const text = label.replace(/\\([\\[\]])/g, '$1');
		state.inLink = true;
		const tokens = this.#deeper(() => this.lexer.inlineTokens(text));
		state.inLink = false;
		return { type: 'link', raw, href, text, tokens };
	}

	override emStrong(src: string, masked: string, before?: string): Tokens.Em | Tokens.Strong | undefined {
		// 2*3*4 is a product.
		if (/^\*[a-z\d]/i.test(src) && /[a-z\d]/i.test(before ?? '')) return undefined;
		// Two underscores are part of a name more often than not: __init__.
		if ((src[0] !== '*' && src[0] !== '_') || src.startsWith('__') || !this.#mayLook(src))
			return undefined;
		return this.#deeper(() => super.emStrong(src, masked, before));
	}

	override del(src: string, masked: string, before?: string): Tokens.Del | undefined {
		if (!src.startsWith('~~') || src[2] === '~' || !this.#mayLook(src)) return undefined;
		return this.#deeper(() => super.del(src, masked, before));
	}

	override codespan(src: string): Tokens.Codespan | undefined {
		const found = src[0] === '`' ? CODE.exec(src) : null;
		if (!found) return undefined;
		const [raw, , inside] = found as unknown as [string, string, string];
		if (inside.trim() === '') return undefined;
		// A space on both sides is there to part the code's own backticks from those around it.
		const text = inside.startsWith(' ') && inside.endsWith(' ') ? inside.slice(1, -1) : inside;
		return { type: 'codespan', raw, text };
	}

	/** What has signs that mean nothing: addresses and names. That an address is a link is found later. */
	override url(src: string): Tokens.Link | undefined {
		const address = ADDRESS.exec(src)?.[0];
		const [piece] = address === undefined ? [] : linkify(address);
		const raw = piece?.href ? piece.text : NAMED.exec(src)?.[0];
		return raw === undefined ? undefined : ({ type: 'text', raw, text: raw } as unknown as Tokens.Link);
	}

	override inlineText(src: string): Tokens.Text | undefined {
		const raw = PLAIN.exec(src)?.[0];
		return raw === undefined ? undefined : { type: 'text', raw, text: raw };
	}

	spoiler(src: string): Tokens.Generic | undefined {
		if (!/^\|\|[^\s|]/.test(src) || this.lexer.state.inLink || !this.#mayLook(src)) return undefined;
		let end = src.indexOf('||', 3);
		while (end > 0 && /\s/.test(src[end - 1]!)) end = src.indexOf('||', end + 1);
		if (end < 0) return undefined;
		const tokens = this.#deeper(() => this.lexer.inlineTokens(src.slice(2, end)));
		return { type: 'spoiler', raw: src.slice(0, end + 2), tokens };
	}

	/** Whether the rest of a text may be looked through once more. */
	#mayLook(src: string): boolean {
		return this.#depth < DEEPEST && (this.#looks -= src.length) >= 0;
	}

	#deeper<T>(work: () => T): T {
		this.#depth++;
		try {
			return work();
		} finally {
			this.#depth--;
		}
	}
}

for (const name of NOT_OURS) Subset.prototype[name] = () => undefined;

/** Hides addresses from the search for the ends of what is emphasised. */
class Mask extends Hooks {
	override emStrongMask(src: string): string {
		return linkify(src)
			.map(({ text, href }) => (href ? 'a'.repeat(text.length) : text))
			.join('');
	}
}
