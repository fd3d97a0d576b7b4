import type { Condition, Lately, Moment } from '$lib/protocol';

/** How far back it is looked. */
export const SPAN_MS = 10 * 60_000;

/** What the server did in the last ten minutes, followed as long as somebody looks. */
export class Activity {
	// Replaced, not mutated: nothing of a moment changes.
	#moments: readonly Moment[] = $state.raw([]);
	#conditions: readonly Condition[] = $state.raw([]);
	#failure: unknown = $state.raw(null);
	#found = $state(false);
	#lately: (after?: string) => Promise<Lately>;
	#next: ReturnType<typeof setTimeout> | undefined;
	#stopped = false;

	constructor(lately: (after?: string) => Promise<Lately>) {
		this.#lately = lately;
	}

	/** The oldest first. */
	get moments() {
		return this.#moments;
	}

	/** What should be looked at now. */
	get conditions() {
		return this.#conditions;
	}

	/** Whether the server has answered. */
	get found() {
		return this.#found;
	}

	/** Why the last look told nothing; null: it did. What was found before stays. */
	get failure() {
		return this.#failure;
	}

	/** Looks now, and again as often as there is something new. */
	async look(): Promise<void> {
		clearTimeout(this.#next);
		let again = 5000;
		try {
			const { moments, conditions, intervalMs } = await this.#lately(this.#moments.at(-1)?.at);
			this.#take(moments);
			this.#conditions = conditions;
			this.#found = true;
			this.#failure = null;
			again = intervalMs;
		} catch (failure) {
			this.#failure = failure;
		}
		if (!this.#stopped) this.#next = setTimeout(() => void this.look(), again);
	}

	/** Nobody looks any more. */
	stop() {
		this.#stopped = true;
		clearTimeout(this.#next);
	}

	#take(fresh: readonly Moment[]) {
		const all = [...this.#moments, ...fresh];
		const newest = all.at(-1);
		if (!newest) return;
		const since = Date.parse(newest.at) - SPAN_MS;
		this.#moments = all.filter(({ at }) => Date.parse(at) > since);
	}
}
