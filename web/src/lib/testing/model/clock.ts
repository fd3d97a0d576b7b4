/** Time that passes when it is told to, so that half an hour of waiting takes a moment and every run is the same. */
export class Clock {
	/** In ms, as `Date.now` says. */
	now = Date.UTC(2026, 0, 1, 12);
	#timers = new Map<number, { at: number; run: () => void }>();
	#last = 0;

	set(run: () => void, ms = 0): number {
		this.#timers.set(++this.#last, { at: this.now + Math.max(0, ms), run });
		return this.#last;
	}

	clear(id: number | undefined) {
		if (id !== undefined) this.#timers.delete(id);
	}

	/** Lets time pass; what is due runs in its order. @param between after each that ran */
	async pass(ms: number, between: () => Promise<void>) {
		const until = this.now + ms;
		for (;;) {
			const due = [...this.#timers].filter(([, { at }]) => at <= until);
			const [id, next] = due.sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0] ?? [];
			if (!next) break;
			this.#timers.delete(id!);
			this.now = Math.max(this.now, next.at);
			next.run();
			await between();
		}
		this.now = until;
	}
}
