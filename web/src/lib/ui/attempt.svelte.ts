/** One thing that a form does: whether it is being done, and why it was not. */
export class Attempt {
	#busy = $state(false);
	#failure: unknown = $state.raw(null);

	get busy() {
		return this.#busy;
	}

	/** What went wrong the last time; null when nothing did. */
	get failure() {
		return this.#failure;
	}

	/** Does it, one at a time. */
	async run(work: () => Promise<unknown>): Promise<void> {
		if (this.#busy) return;
		this.#busy = true;
		this.#failure = null;
		try {
			await work();
		} catch (failure) {
			this.#failure = failure;
		} finally {
			this.#busy = false;
		}
	}
}
