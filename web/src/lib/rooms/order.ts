import { language } from '$lib/i18n/language.svelte';
import type { People } from '$lib/people/people.svelte';
import { nameOf } from './names';
import type { JoinedRoom } from './room.svelte';

export interface Named {
	room: JoinedRoom;
	name: string;
}

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
