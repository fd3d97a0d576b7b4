/** Fields that take no text: a letter pressed in them is not written. */
const NO_TEXT = new Set(['button', 'checkbox', 'color', 'file', 'radio', 'range', 'reset', 'submit']);

/** Whether what is typed there becomes text. */
export function isWritten(target: EventTarget | null): target is HTMLElement {
	if (target instanceof HTMLInputElement) return !NO_TEXT.has(target.type);
	return (
		target instanceof HTMLTextAreaElement ||
		target instanceof HTMLSelectElement ||
		(target instanceof HTMLElement && target.isContentEditable)
	);
}

/** Whether there is text in it. */
export function holdsText(field: HTMLElement): boolean {
	const text = 'value' in field ? String(field.value) : field.textContent;
	return text !== '';
}
