import { isActive, type People } from '$lib/people/people.svelte';
import type { JoinedRoom } from '$lib/rooms/room.svelte';

/** Who is in a room, as far as it is known. */
export interface PeopleOf {
	/** Undefined while it is not known. */
	isHere: (id: number) => boolean | undefined;
	/** Undefined while they are not known. */
	ids: readonly number[] | undefined;
}

/** @param me whose room it is: once they are among its members, the list has come */
export function peopleOf({ row, members }: JoinedRoom, people: People, me: number): PeopleOf {
	if (row.general)
		return {
			isHere: () => true,
			ids: people
				.all()
				.filter(isActive)
				.map(({ id }) => id)
		};
	if (row.peopleIds) return { isHere: (id) => row.peopleIds!.includes(id), ids: row.peopleIds };
	if (!members?.has(me)) return { isHere: () => undefined, ids: undefined };
	return { isHere: (id) => members.has(id), ids: members.ids() };
}
