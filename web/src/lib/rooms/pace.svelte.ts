/** When the person may speak again in a room in slow mode, as far as this device can know: the server decides. */
export class Pace {
	#spokeAt = $state(0);
	#refusedUntil = $state(0);

	/** They have spoken. @param at by the server's clock */
	spoke(at: string) {
		this.#spokeAt = Math.max(this.#spokeAt, Math.min(Date.now(), Date.parse(at)));
	}

	/** The server said how long it takes, in ms. */
	refused(waitMs: number) {
		this.#refusedUntil = Date.now() + waitMs;
	}

	/**
	 * @param seconds the wait between two messages; undefined: none
	 * @returns a moment of `Date.now()`; 0 when there is nothing to wait for
	 */
	until(seconds: number | undefined): number {
		return seconds ? Math.max(this.#refusedUntil, this.#spokeAt + seconds * 1000) : 0;
	}
}
