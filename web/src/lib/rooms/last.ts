import { recall, remember } from '$lib/ui/memory';

const key = (userId: number) => `olha.room.${userId}`;

/** The room that the person looked at last on this device. */
export function lastRoom(userId: number): number | null {
	const id = Number(recall(key(userId)));
	return id > 0 ? id : null;
}

export function rememberRoom(userId: number, roomId: number) {
	remember(key(userId), String(roomId));
}
