const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/**
 * A new client id: the time in milliseconds, then 22 random letters (132 bits). The time in front keeps what is written at the
 * same time side by side in the server's index. Unlike randomUUID, getRandomValues needs no secure context.
 */
export function newCid(): string {
	const random = Array.from(crypto.getRandomValues(new Uint8Array(22)), (byte) => LETTERS[byte & 63]);
	return Date.now().toString(16).padStart(12, '0') + random.join('');
}
