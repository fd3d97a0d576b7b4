import { createContext } from 'svelte';
import type { Chat } from '$lib/chat/chat.svelte';
import * as http from '$lib/http/reports';
import { isAdmin, standingIn } from '$lib/rooms/standing';

/** Nothing tells of a report: it is asked for when somebody comes back to the window, so often at most. */
const AT_MOST_EVERY_MS = 30_000;

/** How many reports wait, of those that the person may see. */
export class OpenReports {
	#count = $state(0);
	#chat: Chat;
	#askedAt = 0;

	constructor(chat: Chat) {
		this.#chat = chat;
	}

	get count() {
		return this.#count;
	}

	/** Whether there can be any for the person to see. */
	readonly mine = $derived.by(
		() =>
			isAdmin(this.#chat.me) ||
			this.#chat.rooms.all().some((room) => standingIn(room, this.#chat.me).manage)
	);

	/** @param now also when it was asked a moment ago */
	async ask(now = false) {
		if (!this.mine || (!now && Date.now() - this.#askedAt < AT_MOST_EVERY_MS)) return;
		this.#askedAt = Date.now();
		// What is not known now is asked for the next time.
		const found = await http.reports(true).catch(() => undefined);
		if (found) this.#count = found.reports.length;
	}
}

export const [getOpenReports, setOpenReports] = createContext<OpenReports>();
