import type { JoinedRoom } from '$lib/rooms/room.svelte';

/** What waits for the person in all rooms. */
export interface Tally {
	/** Unread messages; of muted rooms only those that mean the person. */
	count: number;
	/** Of these, those that mean the person. */
	mentions: number;
}

/** @param follows whether what comes into a room is read as it comes */
export function tally(rooms: readonly JoinedRoom[], follows: (roomId: number) => boolean): Tally {
	let [count, sum] = [0, 0];
	for (const { id, level, unread } of rooms) {
		if (follows(id)) continue;
		count += level === 'everything' || level === 'mentions' ? unread.count : unread.mentions;
		sum += unread.mentions;
	}
	return { count, mentions: sum };
}
