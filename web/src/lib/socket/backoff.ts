const FIRST_MS = 500;
const MOST_MS = 30_000;

/**
 * How many ms to wait before the next try. Full jitter: a thousand clients that were cut off together do not come back
 * together.
 * @param failed how many tries have failed since it last went well
 * @param asked what the server asked for in its `bye`, in ms; it has spread its clients already
 */
export function waitBefore(
	failed: number,
	asked: number | undefined,
	random: () => number = Math.random
): number {
	return asked ?? Math.round(random() * Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failed, 10)));
}
