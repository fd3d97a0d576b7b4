import { list } from '$lib/i18n/dates';
import { m } from '$lib/i18n/messages';
import type { People } from '$lib/people/people.svelte';
import type { Room } from '$lib/protocol';

/** The people of a direct room besides oneself; oneself when one is alone there. */
export function othersIn(row: Room, me: number): readonly number[] {
	const others = (row.peopleIds ?? []).filter((id) => id !== me);
	return others.length > 0 ? others : [me];
}

/** The one other person of a direct room; undefined in all other rooms. */
export function otherIn(row: Room, me: number): number | undefined {
	const others = row.kind === 'direct' ? othersIn(row, me) : [];
	return others.length === 1 ? others[0] : undefined;
}

/** What a room is called by this person: its name, or its other people. */
export function nameOf(row: Room, people: People, me: number): string {
	if (row.kind !== 'direct') return row.name ?? '';
	const ids = othersIn(row, me);
	const names = ids.map((id) => people.nameOf(id));
	return ids.length === 1 && ids[0] === me ? m.direct_self({ name: names[0]! }) : list(names);
}
