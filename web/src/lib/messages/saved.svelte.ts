import { SvelteMap } from 'svelte/reactivity';
import type { SavedMessage } from '$lib/protocol';

/** Which messages the person keeps for later. */
export class Saved {
	#byKey = new SvelteMap<string, SavedMessage>();

	has(roomId: number, seq: number) {
		return this.#byKey.has(`${roomId}:${seq}`);
	}

	get size() {
		return this.#byKey.size;
	}

	all(): SavedMessage[] {
		return [...this.#byKey.values()];
	}

	/** All of them, as a starting state says. */
	replace(saved: readonly SavedMessage[]) {
		this.#byKey.clear();
		for (const one of saved) this.take(one);
	}

	/** The room keeps nothing below this. */
	purge(roomId: number, firstSeq: number) {
		for (const [key, saved] of this.#byKey)
			if (saved.roomId === roomId && saved.seq < firstSeq) this.#byKey.delete(key);
	}

	take(saved: SavedMessage) {
		const key = `${saved.roomId}:${saved.seq}`;
		if (saved.saved) this.#byKey.set(key, saved);
		else this.#byKey.delete(key);
	}
}
