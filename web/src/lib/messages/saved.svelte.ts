import { SvelteMap } from 'svelte/reactivity';
import type { SavedMessage } from '$lib/protocol';

/** Which messages the person keeps for later. */
export class Saved {
	// What was let go is remembered, so that an older form cannot bring it back.
	#byKey = new SvelteMap<string, SavedMessage>();

	has(roomId: number, seq: number) {
		return this.#byKey.get(`${roomId}:${seq}`)?.saved ?? false;
	}

	get size() {
		return this.all().length;
	}

	all(): SavedMessage[] {
		return [...this.#byKey.values()].filter(({ saved }) => saved);
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

	/** One of them, or one that is none any more, as heard or answered. */
	take(saved: SavedMessage) {
		const key = `${saved.roomId}:${saved.seq}`;
		const held = this.#byKey.get(key);
		if (!held || held.rev <= saved.rev) this.#byKey.set(key, saved);
	}
}
