/** Where a message is found, for people: opens its room and points at it. */
export function linkTo(roomId: number, seq: number): string {
	return new URL(pathTo(roomId, seq), location.origin).href;
}

export const pathTo = (roomId: number, seq: number) => `/rooms/${roomId}?at=${seq}`;

/** The message that an address points at. */
export function seqIn(url: URL): number | undefined {
	const seq = Number(url.searchParams.get('at'));
	return Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
}
