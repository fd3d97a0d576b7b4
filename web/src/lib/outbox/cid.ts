const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** A new client id: 22 random letters, 132 bits. Unlike randomUUID, getRandomValues needs no secure context. */
export function newCid(): string {
	return Array.from(crypto.getRandomValues(new Uint8Array(22)), (byte) => LETTERS[byte & 63]).join('');
}
