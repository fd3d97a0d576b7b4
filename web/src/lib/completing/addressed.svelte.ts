import type { Chat } from '$lib/chat/chat.svelte';
import type { Composing } from '$lib/messages/composing.svelte';
import type { Person } from '$lib/protocol';
import { standingIn } from '$lib/rooms/standing';
import { EVERYBODY, namedIn } from './mentions';
import { peopleOf } from './people-of';

/** In a room with more people, everybody is called only by somebody who has been told how many they are. */
const MANY = 20;

/** Who is in the room is waited for so long, in ms. */
const PATIENCE_MS = 3_000;

/** Whom the text in the composer calls, and who will not hear it. */
export class Addressed {
	#chat: Chat;
	#composing: Composing;
	#asked: string | null = $state(null);
	#learning = false;

	readonly #room = $derived.by(() => this.#chat.rooms.get(this.#composing.roomId));
	readonly #named = $derived.by(() => namedIn(this.#composing.text));
	readonly #people = $derived.by(
		() => this.#room && peopleOf(this.#room, this.#chat.people, this.#chat.me.id)
	);

	/** Those whom the text names and who are not in the room. */
	readonly absent: readonly Person[] = $derived.by(() => this.#absent());
	/** How many others `@room` calls, when there are many; otherwise 0; null while it is not known. */
	readonly calls: number | null = $derived.by(() => this.#calls());

	constructor(chat: Chat, composing: Composing) {
		this.#chat = chat;
		this.#composing = composing;
	}

	/** Whether somebody is named at all: then it is of use to know who is in the room. */
	get any() {
		return this.#named.length > 0;
	}

	get mayInvite() {
		return this.#room !== undefined && standingIn(this.#room, this.#chat.me).invite;
	}

	/** Whether it waits for a yes to calling so many. Other words are another question. */
	get asking() {
		return this.calls !== 0 && this.#asked === this.#composing.text;
	}

	/** Waits for the number of those whom it calls; @returns whether it is to be sent still: other words are another text */
	async learn(): Promise<boolean> {
		// Whoever presses the key again meanwhile has not been asked yet.
		if (this.#learning) return false;
		this.#learning = true;
		const { text } = this.#composing;
		const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
		await Promise.race([this.#room?.loadMembers().catch(() => {}), patience]);
		this.#learning = false;
		return this.#composing.text === text;
	}

	/** @returns whether it may be sent; when not, it is asked whether it should, and asking again is a yes */
	allow(): boolean {
		const allowed = this.calls === 0 || this.asking;
		this.#asked = allowed ? null : this.#composing.text;
		return allowed;
	}

	/** @returns whether there was a question to take back */
	cancel(): boolean {
		const { asking } = this;
		this.#asked = null;
		return asking;
	}

	loadMembers() {
		// Without them, nothing is said.
		this.#room?.loadMembers().catch(() => {});
	}

	#absent(): Person[] {
		const isHere = this.#people?.isHere;
		if (!this.any || !isHere) return [];
		const byName = new Map(
			this.#chat.people.all().map((person) => [person.username.toLowerCase(), person])
		);
		const named = this.#named.map(({ names }) => {
			const name = names.find((one) => one === EVERYBODY || byName.has(one));
			return name === undefined ? undefined : byName.get(name);
		});
		return [...new Set(named)].filter(
			(person) => person !== undefined && isHere(person.id) === false
		) as Person[];
	}

	#calls(): number | null {
		if (!callsEverybody(this.#named)) return 0;
		// An edit calls nobody again.
		const before = this.#composing.editing?.body;
		if (before && callsEverybody(namedIn(before))) return 0;
		const count = this.#people?.ids?.length;
		if (count === undefined) return null;
		return count <= MANY ? 0 : count - 1;
	}
}

const callsEverybody = (named: ReturnType<typeof namedIn>) =>
	named.some(({ names }) => names.includes(EVERYBODY));
