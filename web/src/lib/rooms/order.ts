import { language } from '$lib/i18n/language.svelte';
import type { People } from '$lib/people/people.svelte';
import { nameOf } from './names';
import type { JoinedRoom } from './room.svelte';

export interface Named {
	room: JoinedRoom;
	name: string;
}

/** Rooms that the sidebar shows: hidden ones only while they mean the person or are looked at. */
export const visible = (all: readonly JoinedRoom[], current: number | null) =>
	all.filter((room) => room.level !== 'hidden' || room.id === current || room.unread.mentions > 0);

/** The rooms as the sidebar lists them: General first, then by name; direct rooms apart. */
export function sorted(
	all: readonly JoinedRoom[],
	people: People,
	me: number
): { rooms: Named[]; direct: Named[] } {
	const named = all
		.map((room) => ({ room, name: nameOf(room.row, people, me) }))
		.sort(
			(a, b) =>
				Number(b.room.row.general) - Number(a.room.row.general) ||
				a.name.localeCompare(b.name, language.locale) ||
				a.room.id - b.room.id
		);
	return {
		rooms: named.filter(({ room }) => room.row.kind !== 'direct'),
		direct: named.filter(({ room }) => room.row.kind === 'direct')
	};
}

/** The next one of a list that goes round, from a room on; from its beginning or end where the room is not in it. */
export function nextTo(
	list: readonly Named[],
	roomId: number | null,
	by: 1 | -1,
	wanted: (one: Named) => boolean
): Named | undefined {
	const now = list.findIndex(({ room }) => room.id === roomId);
	const start = now < 0 && by < 0 ? 0 : now;
	for (let step = 1; step <= list.length; step++) {
		const one = list.at((start + by * step) % list.length);
		if (one && wanted(one)) return one;
	}
	return undefined;
}
