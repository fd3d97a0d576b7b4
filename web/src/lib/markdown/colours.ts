// What a part of code is, as highlight.js names it, in the colours of the theme. What is not named here is ink.
const COLOURS: Record<string, string> = {
	keyword: 'text-code-keyword',
	built_in: 'text-code-name',
	type: 'text-code-name',
	literal: 'text-code-number',
	number: 'text-code-number',
	symbol: 'text-code-number',
	string: 'text-code-string',
	regexp: 'text-code-string',
	subst: 'text-ink',
	'template-tag': 'text-code-keyword',
	'template-variable': 'text-code-name',
	variable: 'text-code-name',
	property: 'text-code-name',
	title: 'text-code-name',
	section: 'text-code-name',
	attr: 'text-code-name',
	attribute: 'text-code-name',
	name: 'text-code-keyword',
	tag: 'text-ink-soft',
	'selector-tag': 'text-code-keyword',
	'selector-id': 'text-code-name',
	'selector-class': 'text-code-name',
	'selector-attr': 'text-code-name',
	'selector-pseudo': 'text-code-name',
	bullet: 'text-code-number',
	code: 'text-code-string',
	link: 'text-code-string',
	quote: 'text-ink-faint',
	comment: 'text-ink-faint',
	doctag: 'text-ink-soft',
	meta: 'text-ink-soft',
	addition: 'text-good',
	deletion: 'text-bad'
};

/** The class that colours a part, by the classes that highlight.js gave it. */
export function colourOf(classNames: unknown): string | undefined {
	const [first] = Array.isArray(classNames) ? classNames : [];
	return typeof first === 'string' ? COLOURS[first.replace(/^hljs-/, '')] : undefined;
}
