/** How often and how lately something was visited: one number, true at a moment, halved with each half-life after it. */
export interface Visits {
	weight: number;
	/** ms since 1970. */
	at: number;
}

/** By id of the room. */
export type History = Readonly<Record<string, Visits>>;

/** What was visited a week ago counts half. */
export const HALF_LIFE_MS = 7 * 86_400_000;

/** So many are remembered. */
export const MOST_REMEMBERED = 200;

export function weightOf(history: History, id: number, now: number): number {
	const visits = history[id];
	// A clock that was put back makes nothing heavier.
	return visits ? visits.weight * 0.5 ** (Math.max(0, now - visits.at) / HALF_LIFE_MS) : 0;
}

/** The history with one more visit; the lightest are forgotten. */
export function visited(history: History, id: number, now: number): History {
	const next: History = { ...history, [id]: { weight: weightOf(history, id, now) + 1, at: now } };
	const others = Object.keys(history)
		.map(Number)
		.filter((other) => other !== id)
		.sort((a, b) => weightOf(history, b, now) - weightOf(history, a, now))
		.slice(0, MOST_REMEMBERED - 1);
	return Object.fromEntries([id, ...others].map((kept) => [kept, next[kept]!]));
}

/** What was kept as text; whatever is not a history is an empty one. */
export function parse(text: string | null): History {
	try {
		const kept: unknown = JSON.parse(text ?? '{}');
		if (typeof kept !== 'object' || kept === null) return {};
		return Object.fromEntries(
			Object.entries(kept).filter(([, visits]) => isFinite(visits?.weight) && isFinite(visits?.at))
		);
	} catch {
		return {};
	}
}
