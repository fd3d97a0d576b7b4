import { createContext } from 'svelte';
import * as http from '$lib/http/accounts';
import { retryAfter } from '$lib/http/request';
import type { About } from '$lib/protocol';

/** What somebody who is not signed in may know of this server. */
export class Door {
	#about: About | null = $state.raw(null);
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** What has been typed: the forms for signing in and for signing up lead to one another, on a new server by themselves. */
	username = $state('');
	password = $state('');

	/** The name of the field that was last typed into: typing goes on there in the next form. */
	field = '';

	/** Null until the server has said it. */
	get about() {
		return this.#about;
	}

	/** Asks until it is known. */
	async ask() {
		clearTimeout(this.#timer);
		try {
			this.#about = await http.about();
		} catch (failure) {
			this.#timer = setTimeout(() => void this.ask(), retryAfter(failure) ?? 5_000);
		}
	}

	close() {
		clearTimeout(this.#timer);
	}
}

export const [getDoor, setDoor] = createContext<Door>();
