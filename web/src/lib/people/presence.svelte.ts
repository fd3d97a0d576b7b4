import { SvelteSet } from 'svelte/reactivity';
import type { EverybodyOnline, PresenceChange, PresenceState } from '$lib/protocol';

/** Who is connected now, and who of them is away. */
export class Presence {
	#online = new SvelteSet<number>();
	#away = new SvelteSet<number>();

	/** Whether somebody is connected, away or not. */
	isOnline(userId: number) {
		return this.#online.has(userId);
	}

	stateOf(userId: number): PresenceState {
		if (!this.#online.has(userId)) return 'offline';
		return this.#away.has(userId) ? 'away' : 'online';
	}

	replace({ ids, away }: EverybodyOnline) {
		become(this.#online, ids);
		become(this.#away, away);
	}

	take({ online, offline, away }: PresenceChange) {
		for (const id of online) {
			this.#online.add(id);
			this.#away.delete(id);
		}
		for (const id of offline) {
			this.#online.delete(id);
			this.#away.delete(id);
		}
		for (const id of away) {
			this.#online.add(id);
			this.#away.add(id);
		}
	}
}

// One by one, so that only those are drawn again who changed.
function become(set: SvelteSet<number>, ids: readonly number[]) {
	const now = new Set(ids);
	for (const id of set) if (!now.has(id)) set.delete(id);
	for (const id of now) set.add(id);
}
