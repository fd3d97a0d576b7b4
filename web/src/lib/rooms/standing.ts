import type { Person, Room } from '$lib/protocol';

/** What one person may do in a room they are in, as src/Olha.Server/Rooms/Standing.cs decides it: what would be refused is not offered. */
export interface Standing {
	post: boolean;
	invite: boolean;
	/** Rename, set the topic. */
	manage: boolean;
	remove: boolean;
	archive: boolean;
	leave: boolean;
}

export function standingIn(room: Room, me: Person): Standing {
	const direct = room.kind === 'direct';
	const archived = room.archivedAt !== undefined;
	const manage = !direct && (me.role === 'owner' || room.creatorId === me.id);
	return {
		post: !archived,
		invite: !direct && !room.general && !archived,
		manage,
		remove: manage && !room.general,
		archive: manage && !room.general,
		leave: !direct && !room.general
	};
}
