/** What was typed into something that has not come yet. */
export interface Typed {
	readonly text: string;
	/** Whether Enter was pressed behind it; what is typed after that is dropped. */
	readonly entered: boolean;
}

/** With one more key; null when the key is not one that writes. */
export function typing(typed: Typed | null, event: KeyboardEvent): Typed | null {
	const { key } = event;
	if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return null;
	const { text, entered } = typed ?? { text: '', entered: false };
	if (key === 'Enter') return { text, entered: true };
	const letters = [...text];
	if (key === 'Backspace') return { text: entered ? text : letters.slice(0, -1).join(''), entered };
	if ([...key].length !== 1) return null;
	return { text: entered ? text : text + key, entered };
}
