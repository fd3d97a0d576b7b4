import type { Message, Person, Room } from '$lib/protocol';

/** A room that the person is in, as much as matters here. */
export interface Joined {
	row: Room;
	/** Whether the person was made a moderator of it. */
	moderator: boolean;
}

/** What one person may do in a room they are in, as src/Olha.Server/Rooms/Standing.cs decides it: what would be refused is not offered. */
export interface Standing {
	post: boolean;
	invite: boolean;
	/** Rename, set the topic, slow down, lock, delete others' messages; there is no waiting for these in slow mode. */
	manage: boolean;
	remove: boolean;
	/** Make and unmake moderators. */
	appoint: boolean;
	archive: boolean;
	/** Say how long messages are kept. */
	govern: boolean;
	delete: boolean;
	leave: boolean;
}

export const isAdmin = ({ role }: Person) => role === 'owner' || role === 'admin';

export function standingIn({ row, moderator }: Joined, me: Person): Standing {
	const direct = row.kind === 'direct';
	const archived = row.archivedAt !== undefined;
	const creator = row.creatorId === me.id && me.role !== 'guest';
	const moderates = isAdmin(me) || moderator || creator;
	const manage = !direct && moderates;
	const govern = !direct && isAdmin(me);
	return {
		post: !archived && (!row.locked || moderates),
		invite: !direct && !row.general && !archived && me.role !== 'guest',
		manage,
		remove: manage && !row.general,
		appoint: manage && (isAdmin(me) || creator),
		archive: manage && !row.general,
		govern,
		delete: govern && !row.general,
		leave: !direct && !row.general
	};
}

/** Telling the moderators of a message: everybody who can read it, but of one's own. */
export const mayReport = ({ authorId, kind, deletedAt }: Message, me: Person) =>
	kind === 'text' && !deletedAt && authorId !== me.id;
