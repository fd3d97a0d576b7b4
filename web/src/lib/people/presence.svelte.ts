import { SvelteSet } from 'svelte/reactivity';
import type { PresenceChange } from '$lib/protocol';

/** Who is connected now. */
export class Presence {
	#online = new SvelteSet<number>();

	isOnline(userId: number) {
		return this.#online.has(userId);
	}

	replace(online: readonly number[]) {
		const now = new Set(online);
		for (const id of this.#online) if (!now.has(id)) this.#online.delete(id);
		for (const id of now) this.#online.add(id);
	}

	take({ online, offline }: PresenceChange) {
		for (const id of online) this.#online.add(id);
		for (const id of offline) this.#online.delete(id);
	}
}
