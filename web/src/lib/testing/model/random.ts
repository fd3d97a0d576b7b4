/** Draws that a seed decides (mulberry32). */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** From 0 up to, but not including, 1. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** Whether something of this likelihood, from 0 to 1, happens. */
	chance(likelihood: number): boolean {
		return this.next() < likelihood;
	}

	below(limit: number): number {
		return Math.floor(this.next() * limit);
	}

	pick<T>(all: readonly T[]): T {
		return all[this.below(all.length)]!;
	}
}
