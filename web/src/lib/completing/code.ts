/** A part of a text, from a place to the one behind its end. */
export type Span = readonly [from: number, to: number];

/** Where the text is code, as src/Olha.Server/Messages/MentionText.cs sees it. */
export function codeIn(text: string): Span[] {
	const spans: Span[] = [];
	for (let at = text.indexOf('`'); at >= 0; at = text.indexOf('`', at)) {
		const end = endOfCode(text, at);
		if (end !== undefined) spans.push([at, end]);
		at = end ?? at + marksAt(text, at);
	}
	return spans;
}

/** Whether what is written at the caret is code, or will be once the mark before it is closed. */
export function isInCode(text: string, caret: number): boolean {
	if (codeIn(text).some(([from, to]) => from < caret && caret < to)) return true;
	const before = text.slice(0, caret);
	for (let at = before.indexOf('`'); at >= 0; at = before.indexOf('`', at)) {
		const end = endOfCode(before, at);
		if (end === undefined && !before.includes('\n', at)) return true;
		// A fence that is open reaches to the end; one that is closed ends before the caret or at it.
		if (end === caret && isFence(before, at) && !isClosed(before, at)) return true;
		at = end ?? at + marksAt(before, at);
	}
	return false;
}

/** Undefined: nothing closes it, and so it is no code. A fence that nothing closes reaches to the end. */
function endOfCode(text: string, at: number): number | undefined {
	const marks = marksAt(text, at);
	const fence = isFence(text, at);
	for (let look = text.indexOf('`', at + marks); look >= 0; look = text.indexOf('`', look)) {
		const closing = marksAt(text, look);
		if (fence ? closing >= marks && isLineStart(text, look) : closing === marks) return look + closing;
		look += closing;
	}
	return fence ? text.length : undefined;
}

function isClosed(text: string, at: number): boolean {
	const end = endOfCode(text, at)!;
	const last = text.lastIndexOf('\n', end - 1) + 1;
	return last > at && /^ *`{3,}$/.test(text.slice(last, end));
}

function marksAt(text: string, at: number): number {
	let end = at;
	while (text[end] === '`') end++;
	return end - at;
}

const isFence = (text: string, at: number) => marksAt(text, at) >= 3 && isLineStart(text, at);

const isLineStart = (text: string, at: number) => /(?:^|\n) *$/.test(text.slice(0, at));
