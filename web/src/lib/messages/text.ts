/** Characters as the server counts them: Unicode scalar values. */
export function lengthOf(text: string): number {
	return Array.from(text).length;
}

/** What is worth sending of what was typed: no empty lines around it, nothing that cannot be shown. */
export function tidy(text: string): string {
	return (
		text
			.toWellFormed()
			.replace(/\r\n?/g, '\n')
			// eslint-disable-next-line no-control-regex -- these are what is meant
			.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
			.replace(/^(?:[ \t]*\n)+/, '')
			.trimEnd()
	);
}
