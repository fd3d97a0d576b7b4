/** Copies a text. Browsers give the clipboard to secure contexts only; elsewhere it is done as it was before there was one. */
export async function copy(text: string): Promise<void> {
	if (window.isSecureContext && navigator.clipboard) {
		await navigator.clipboard.writeText(text);
		return;
	}
	const box = document.createElement('textarea');
	box.value = text;
	box.setAttribute('readonly', '');
	box.style.position = 'fixed';
	box.style.opacity = '0';
	const before = document.activeElement;
	document.body.append(box);
	box.select();
	const done = document.execCommand('copy');
	box.remove();
	if (before instanceof HTMLElement) before.focus({ preventScroll: true });
	if (!done) throw new Error('The browser did not copy.');
}
