import type { Chat } from '$lib/chat/chat.svelte';
import { m } from '$lib/i18n/messages';
import { nameOf } from '$lib/rooms/names';

/** A piece of a text: as it is, somebody who is named, or a room. Joined again the pieces are the text. */
export type Piece =
	| { kind: 'text'; text: string }
	| { kind: 'person'; text: string; person: Named }
	| { kind: 'room'; text: string; id: number };

/** Whom a name means. */
export interface Named {
	/** What they are called, for people. */
	title: string;
	/** Whether it means the reader, alone or with everybody. */
	own: boolean;
}

/** What names mean to the reader of a text. */
export interface Names {
	person(name: string): Named | undefined;
	rooms(): readonly { id: number; name: string }[];
}

/** The word that means everybody in the room, and the number that stands for them. */
const EVERYBODY = { word: 'room', id: 0 };
/** As the server reads names. */
const LONGEST = 64;
/** Signs at a name's end that may belong to the sentence. */
const MOST_DOTS = 3;

const NAME = /[\p{L}\p{N}_.-]+/uy;
const ENDS_IN_NAME = /[\p{L}\p{N}_.-]$/u;
const ENDS_IN_WORD = /[\p{L}\p{N}_/#&]$/u;
const BEGINS_WITH_WORD = /^[\p{L}\p{N}_]/u;

/** What names mean in one chat. */
export function namesIn(chat: Chat, mentions: readonly number[] | undefined): Names {
	return {
		person(name) {
			const key = name.toLowerCase();
			if (key === EVERYBODY.word)
				return !mentions || mentions.includes(EVERYBODY.id)
					? { title: m.everybody_here(), own: true }
					: undefined;
			const people = mentions ? mentions.map((id) => chat.people.get(id)) : chat.people.all();
			const person = people.find((one) => one?.username.toLowerCase() === key);
			return person && { title: chat.people.nameOf(person.id), own: person.id === chat.me.id };
		},
		// A direct room is called something else by each of its people.
		rooms: () =>
			chat.rooms
				.all()
				.filter(({ row }) => row.kind !== 'direct')
				.map(({ id, row }) => ({ id, name: nameOf(row, chat.people, chat.me.id) }))
	};
}

/** A text with the people and rooms that it names: "@ana", "#Garden". */
export function findNames(text: string, names: Names): Piece[] {
	const pieces: Piece[] = [];
	let end = 0;
	for (let at = next(text, 0); at < text.length; at = next(text, Math.max(at + 1, end))) {
		const found = text[at] === '@' ? personAt(text, at, names) : roomAt(text, at, names);
		if (!found) continue;
		if (at > end) pieces.push({ kind: 'text', text: text.slice(end, at) });
		pieces.push(found);
		end = at + found.text.length;
	}
	if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) });
	return pieces;
}

/** Where the next name may begin; the text's end when none does. */
function next(text: string, from: number): number {
	while (from < text.length && text[from] !== '@' && text[from] !== '#') from++;
	return from;
}

function personAt(text: string, at: number, names: Names): Piece | undefined {
	if (ENDS_IN_NAME.test(text.slice(Math.max(0, at - 2), at))) return undefined;
	NAME.lastIndex = at + 1;
	let name = NAME.exec(text)?.[0] ?? '';
	if (name.length > LONGEST) return undefined;
	for (let dots = 0; name && dots <= MOST_DOTS; dots++) {
		const person = names.person(name);
		if (person) return { kind: 'person', text: `@${name}`, person };
		if (!/[._-]$/.test(name)) return undefined;
		name = name.slice(0, -1);
	}
	return undefined;
}

function roomAt(text: string, at: number, names: Names): Piece | undefined {
	if (ENDS_IN_WORD.test(text.slice(Math.max(0, at - 2), at))) return undefined;
	let best: { id: number; end: number } | undefined;
	for (const { id, name } of names.rooms()) {
		const end = at + 1 + name.length;
		if (!name || end <= (best?.end ?? 0) || BEGINS_WITH_WORD.test(text.slice(end, end + 2))) continue;
		if (text.slice(at + 1, end).toLowerCase() === name.toLowerCase()) best = { id, end };
	}
	return best && { kind: 'room', text: text.slice(at, best.end), id: best.id };
}
