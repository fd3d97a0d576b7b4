import { createContext } from 'svelte';
import * as http from '$lib/http/accounts';
import { onSessionEnd, RefusalError } from '$lib/http/request';
import { openStore } from '$lib/outbox/store';
import type { Person } from '$lib/protocol';
import { forgetDrafts } from '$lib/outbox/drafts';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/** Who is signed in on this page. */
export class Session {
	#state: 'asking' | 'unreachable' | 'in' | 'out' = $state('asking');
	#me: Person | null = $state.raw(null);
	#ended: 'expired' | 'banned' | null = $state(null);

	constructor() {
		onSessionEnd(() => this.end('expired'));
	}

	get state() {
		return this.#state;
	}

	get me() {
		return this.#me;
	}

	/** Why the last session ended without being asked to. */
	get ended() {
		return this.#ended;
	}

	/** Finds out, for as long as it takes. */
	async ask() {
		for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
			try {
				this.#begin((await http.session()).me);
				return;
			} catch (failure) {
				if (failure instanceof RefusalError && !failure.retry) {
					this.#state = 'out';
					this.#ended = null;
					return;
				}
				this.#state = 'unreachable';
				await new Promise((resolve) => setTimeout(resolve, wait));
			}
		}
	}

	async signIn(username: string, password: string) {
		this.#begin((await http.signIn({ username, password })).me);
	}

	async signUp(username: string, password: string, displayName: string) {
		this.#begin((await http.signUp({ username, password, displayName: displayName || undefined })).me);
	}

	/** Signs out and leaves nothing of the person's on this device. */
	async signOut() {
		const me = this.#me;
		await http.signOut().catch((failure: unknown) => {
			// A session that has ended already is what was wanted.
			if (!(failure instanceof RefusalError && failure.status === 401)) throw failure;
		});
		// First what holds it all in memory goes, then what is kept.
		this.#state = 'out';
		this.#me = null;
		this.#ended = null;
		if (me) {
			forgetDrafts(me.id);
			await (await openStore()).clear(me.id);
		}
	}

	/** The server ended it. What is unsent stays here for when the same person comes back. */
	end(why: 'expired' | 'banned') {
		if (this.#state !== 'in') return;
		this.#state = 'out';
		this.#me = null;
		this.#ended = why;
	}

	#begin(me: Person) {
		this.#me = me;
		this.#ended = null;
		this.#state = 'in';
	}
}

export const [getSession, setSession] = createContext<Session>();
