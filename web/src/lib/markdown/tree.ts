/** A text as it is drawn: blocks one below the other, in them what stands in a line. Nothing in it is markup any more. */
export type Block = Prose | Quote | List | Code;

/** Lines of text. Line breaks are characters of the text. */
export interface Prose {
	kind: 'prose';
	inlines: readonly Inline[];
}

export interface Quote {
	kind: 'quote';
	blocks: readonly Block[];
}

export interface List {
	kind: 'list';
	ordered: boolean;
	items: readonly Item[];
}

export interface Item {
	/** Its number, in an ordered list. */
	value?: number;
	blocks: readonly Block[];
}

/** A block of code. */
export interface Code {
	kind: 'code';
	/** As it was named. */
	language?: string;
	text: string;
}

export type Inline =
	| { kind: 'text'; text: string }
	| { kind: 'code'; text: string }
	| { kind: 'strong' | 'em' | 'strike' | 'spoiler'; inlines: readonly Inline[] }
	| Link;

export interface Link {
	kind: 'link';
	href: string;
	/** Whether its words were chosen by who wrote it: they may say something else than where it leads. */
	labelled: boolean;
	inlines: readonly Inline[];
}
