/** Often enough that no second is skipped. */
const TICK_MS = 250;

/** Whole seconds until a moment, counting down. */
export class Countdown {
	#now = $state(Date.now());
	#until: () => number;

	/** Within a component's beginning. @param until a moment of `Date.now()`; one that has passed is none */
	constructor(until: () => number) {
		this.#until = until;
		$effect(() => {
			const end = until();
			this.#now = Date.now();
			if (end <= Date.now()) return;
			const timer = setInterval(() => {
				this.#now = Date.now();
				if (this.#now >= end) clearInterval(timer);
			}, TICK_MS);
			return () => clearInterval(timer);
		});
	}

	/** 0 once the moment has come. */
	get seconds() {
		return Math.max(0, Math.ceil((this.#until() - this.#now) / 1000));
	}
}
