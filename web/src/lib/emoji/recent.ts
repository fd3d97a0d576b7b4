import { recall, remember } from '$lib/ui/memory';

/** How much an emoji was used lately. */
export interface Use {
	sign: string;
	/** One for each use, halved every {@link HALF_MS} since. */
	weight: number;
	/** When the weight was right; milliseconds. */
	at: number;
}

export const HALF_MS = 7 * 24 * 60 * 60 * 1000;

/** More are not remembered. */
const MOST = 40;

const RECENT = 'olha.emoji.recent';

/** The uses after one more, most used first. */
export function used(uses: readonly Use[], sign: string, now: number): Use[] {
	const before = uses.find((use) => use.sign === sign);
	const one = { sign, weight: 1 + (before ? weightAt(before, now) : 0), at: now };
	return [one, ...uses.filter((use) => use !== before)]
		.sort((a, b) => weightAt(b, now) - weightAt(a, now))
		.slice(0, MOST);
}

function weightAt({ weight, at }: Use, now: number): number {
	return weight * 2 ** (-Math.max(0, now - at) / HALF_MS);
}

/** Signs without tone, most used first, as this device remembers them. */
export function recentEmoji(): string[] {
	return kept().map(({ sign }) => sign);
}

/** @param sign without tone */
export function rememberUse(sign: string) {
	remember(RECENT, JSON.stringify(used(kept(), sign, Date.now())));
}

function kept(): Use[] {
	try {
		const uses: unknown = JSON.parse(recall(RECENT) ?? '[]');
		return Array.isArray(uses) ? uses.filter(isUse) : [];
	} catch {
		return [];
	}
}

function isUse(use: unknown): use is Use {
	const { sign, weight, at } = (use ?? {}) as Partial<Use>;
	return typeof sign === 'string' && typeof weight === 'number' && typeof at === 'number';
}
