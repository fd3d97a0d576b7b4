import { SvelteMap } from 'svelte/reactivity';
import { fold } from '$lib/i18n/fold';
import { m } from '$lib/i18n/messages';
import type { Person } from '$lib/protocol';

/** Everybody with an account, as last heard. */
export class People {
	#byId = new SvelteMap<number, Person>();

	/** Nobody is known under this id yet: undefined. */
	get(id: number): Person | undefined {
		return this.#byId.get(id);
	}

	/** What somebody is called. Who deleted their account has no name any more. */
	nameOf(id: number | undefined): string {
		const person = id === undefined ? undefined : this.get(id);
		if (person?.state === 'deleted') return m.deleted_user();
		return person?.displayName ?? m.somebody();
	}

	all(): Person[] {
		return [...this.#byId.values()];
	}

	take(person: Person) {
		const held = this.#byId.get(person.id);
		if (!held || held.rev < person.rev) this.#byId.set(person.id, person);
	}

	/** Takes several; when they are everybody, who is not among them is forgotten. */
	takeAll(people: readonly Person[], everybody: boolean) {
		if (everybody) {
			const ids = new Set(people.map(({ id }) => id));
			for (const id of this.#byId.keys()) if (!ids.has(id)) this.#byId.delete(id);
		}
		for (const person of people) this.take(person);
	}

	/** Forgets all: what comes next is another world's. */
	clear() {
		this.#byId.clear();
	}

	/** Those who can still come in and whose name or user name begins a word with what was typed, best match first. */
	find(text: string, without: ReadonlySet<number> = new Set()): Person[] {
		const wanted = fold(text.trim());
		return this.all()
			.filter((person) => isActive(person) && !without.has(person.id))
			.map((person) => ({ person, rank: rankOf(person, wanted) }))
			.filter(({ rank }) => rank < 3)
			.sort((a, b) => a.rank - b.rank || a.person.displayName.localeCompare(b.person.displayName))
			.map(({ person }) => person);
	}
}

/** Whether they can still come in. */
export const isActive = ({ state }: Person) => state === undefined || state === 'active';

function rankOf(person: Person, wanted: string): number {
	const [name, username] = [fold(person.displayName), fold(person.username)];
	if (name.startsWith(wanted) || username.startsWith(wanted)) return 0;
	if (` ${name}`.includes(` ${wanted}`)) return 1;
	return name.includes(wanted) || username.includes(wanted) ? 2 : 3;
}
