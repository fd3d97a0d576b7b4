import { SvelteMap } from 'svelte/reactivity';
import type { Member } from '$lib/protocol';

/** Who is in a room, as last heard: a list, and the changes since it was asked for. */
export class Members {
	// Those who left are remembered, so that an older form cannot bring them back.
	#byUser = new SvelteMap<number, Member>();

	take(member: Member) {
		const held = this.#byUser.get(member.userId);
		if (!held || held.rev < member.rev) this.#byUser.set(member.userId, member);
	}

	/** Ids of those who are in it now. */
	ids(): number[] {
		return [...this.#byUser.values()].filter(({ joined }) => joined).map(({ userId }) => userId);
	}

	get(userId: number): Member | undefined {
		return this.#byUser.get(userId);
	}

	has(userId: number) {
		return this.#byUser.get(userId)?.joined ?? false;
	}
}
