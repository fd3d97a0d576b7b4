import type { JoinedRoom } from '$lib/rooms/room.svelte';

/** Of a muted room only what means the person is worth telling. */
export const isQuiet = (room: JoinedRoom) => room.level === 'nothing' || room.level === 'hidden';

/** Whether there is something in the room that waits to be read. */
export const isOwed = (room: JoinedRoom) =>
	room.unread.mentions > 0 || (room.unread.count > 0 && !isQuiet(room));

/** Of several rooms, the unread messages that mean the person. */
export const mentionsIn = (rooms: readonly JoinedRoom[]) =>
	rooms.reduce((sum, { unread }) => sum + unread.mentions, 0);
