import * as http from '$lib/http/access';
import type { SessionInfo } from '$lib/protocol';
import { Attempt } from '$lib/ui/attempt.svelte';

/** The devices that a person is signed in on. */
export class Devices {
	readonly loading = new Attempt();
	readonly ending = new Attempt();
	#all: readonly SessionInfo[] | null = $state.raw(null);

	/** This device first, then the last used; null until they have come. */
	get all() {
		return this.#all;
	}

	get others() {
		return (this.#all ?? []).filter(({ current }) => !current);
	}

	load(): Promise<void> {
		return this.loading.run(async () => {
			const { sessions } = await http.sessions();
			this.#all = [...sessions].sort((a, b) => Number(b.current) - Number(a.current));
		});
	}

	end(id: number): Promise<void> {
		return this.ending.run(async () => {
			await http.endSession(id);
			this.#all = (this.#all ?? []).filter((one) => one.id !== id);
		});
	}

	endOthers(): Promise<void> {
		return this.ending.run(async () => {
			await http.endOtherSessions();
			this.#all = (this.#all ?? []).filter(({ current }) => current);
		});
	}
}
