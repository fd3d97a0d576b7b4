import { createContext } from 'svelte';
import * as http from '$lib/http/accounts';
import { onSessionEnd, RefusalError } from '$lib/http/request';
import { openStore } from '$lib/outbox/store';
import type { DeleteAccountBody, Person, SessionAnswer } from '$lib/protocol';
import { Cache } from '$lib/cache/store';
import { Drafts } from '$lib/outbox/drafts.svelte';
import { recall, remember } from '$lib/ui/memory';

/** Who was signed in the last time: their chat is shown from what this device kept while the server is asked. */
const ME = 'olha.me';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/** Why a session ended: by itself or elsewhere, by an administrator, with its account, or because the person left. */
export type Ended = 'expired' | 'banned' | 'deleted' | 'left';

/** Who is signed in on this page. */
export class Session {
	#state: 'asking' | 'unreachable' | 'in' | 'out' = $state('asking');
	#me: Person | null = $state.raw(null);
	#ended: Ended | null = $state(null);
	#leaving = false; // what ends now ends on purpose

	constructor() {
		onSessionEnd(() => this.end('expired'));
		const me = remembered();
		if (me) this.#begin(me);
	}

	get state() {
		return this.#state;
	}

	get me() {
		return this.#me;
	}

	/** Why the last session ended; null: there was none. */
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
					this.#me = null;
					remember(ME, null);
					return;
				}
				if (this.#state !== 'in') this.#state = 'unreachable';
				await new Promise((resolve) => setTimeout(resolve, wait));
			}
		}
	}

	async signIn(username: string, password: string) {
		this.#begin((await http.signIn({ username, password })).me);
	}

	/** @param invitation the secret of one, where somebody came by it */
	async signUp(username: string, password: string, displayName: string, invitation?: string) {
		const body = { username, password, displayName: displayName || undefined, invitation };
		this.#begin((await http.signUp(body)).me);
	}

	/** Somebody came in by another door. */
	enter({ me }: SessionAnswer) {
		this.#begin(me);
	}

	/** Signs out and leaves nothing of the person's on this device. */
	async signOut() {
		await this.#leave('left', () =>
			http.signOut().catch((failure: unknown) => {
				// A session that has ended already is what was wanted.
				if (!(failure instanceof RefusalError && failure.status === 401)) throw failure;
			})
		);
	}

	/** The account is gone for good, and with it all that this device kept of it. */
	async deleteAccount(body: DeleteAccountBody) {
		await this.#leave('deleted', () => http.deleteAccount(body));
	}

	/** The server ended it. What is unsent stays here for when the same person comes back. */
	end(why: Ended) {
		if (this.#state !== 'in' || this.#leaving) return;
		remember(ME, null);
		this.#state = 'out';
		this.#me = null;
		this.#ended = why;
	}

	#begin(me: Person) {
		remember(ME, JSON.stringify(me));
		this.#me = me;
		this.#ended = null;
		this.#state = 'in';
	}

	async #leave(why: Ended, end: () => Promise<void>) {
		const me = this.#me;
		// The socket may hear of it before the answer is here.
		this.#leaving = true;
		await end().finally(() => (this.#leaving = false));
		// First what holds it all in memory goes, then what is kept.
		this.#state = 'out';
		this.#me = null;
		this.#ended = why;
		remember(ME, null);
		if (me) {
			const cache = new Cache(me.id);
			await cache.clear().finally(() => cache.close());
			Drafts.forget(me.id);
			await (await openStore()).clear(me.id);
		}
	}
}

function remembered(): Person | null {
	try {
		const me = JSON.parse(recall(ME) ?? 'null') as Person | null;
		return typeof me?.id === 'number' ? me : null;
	} catch {
		return null;
	}
}

export const [getSession, setSession] = createContext<Session>();
