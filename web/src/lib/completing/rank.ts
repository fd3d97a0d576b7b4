import { fold } from '$lib/i18n/fold';
import type { Person } from '$lib/protocol';

/** How many are offered: who is not among them takes another letter. */
export const MOST = 8;

export interface Ranking {
	/** Those who match, in the order of {@link People.find}. */
	found: readonly Person[];
	/** What was typed. */
	query: string;
	/** Undefined while it is not known. */
	isHere: (id: number) => boolean | undefined;
	/** Who spoke last, the last one first. */
	recent: readonly number[];
}

/** People to mention, in three parts: who is here (or may be), then who is not. Recent speakers come before others who match as well. */
export function rankPeople({ found, query, isHere, recent }: Ranking): { here: Person[]; away: Person[] } {
	const wanted = fold(query);
	const spoke = new Map(recent.map((id, index) => [id, index]));
	const ranked = found
		.map((person, index) => ({
			person,
			away: isHere(person.id) === false,
			// Who is called so is meant; a name that only holds what was typed somewhere is a guess.
			guess: fold(person.username) === wanted ? -1 : beginsWord(person, wanted) ? 0 : 1,
			spoke: spoke.get(person.id) ?? recent.length,
			index
		}))
		.sort((a, b) => a.guess - b.guess || a.spoke - b.spoke || a.index - b.index);
	return {
		here: ranked.filter(({ away }) => !away).map(({ person }) => person),
		away: ranked.filter(({ away }) => away).map(({ person }) => person)
	};
}

/** Authors of messages, the newest first, each once. */
export function speakersOf(messages: readonly { authorId: number; kind: string }[], most = 20): number[] {
	const ids = new Set<number>();
	for (let at = messages.length - 1; at >= 0 && ids.size < most; at--)
		if (messages[at]!.kind === 'text') ids.add(messages[at]!.authorId);
	return [...ids];
}

/** Whether `@room` is meant: by its own name, or by what it is called in the language. */
export function meansEverybody(query: string, called: string): boolean {
	const wanted = fold(query);
	return 'room'.startsWith(wanted) || fold(called).startsWith(wanted);
}

/** Things by name: beginning so, then with a word that begins so, then with it anywhere. */
export function rankByName<T>(things: readonly T[], nameOf: (thing: T) => string, query: string): T[] {
	const wanted = fold(query);
	return things
		.map((thing) => ({ thing, name: fold(nameOf(thing)) }))
		.map((one) => ({ ...one, rank: rankOf(one.name, wanted) }))
		.filter(({ rank }) => rank < 3)
		.sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name))
		.map(({ thing }) => thing);
}

const beginsWord = ({ displayName, username }: Person, wanted: string) =>
	[displayName, username].some((name) => rankOf(fold(name), wanted) < 2);

function rankOf(name: string, wanted: string): number {
	if (name.startsWith(wanted)) return 0;
	if (name.split(/[\s._-]+/).some((word) => word.startsWith(wanted))) return 1;
	return name.includes(wanted) ? 2 : 3;
}
