import { recall, remember } from '$lib/ui/memory';
import { parse, visited, type History } from './frecency';

const key = (userId: number) => `olha.visits.${userId}`;

/** The rooms that the person visited on this device. */
export const visitsOf = (userId: number): History => parse(recall(key(userId)));

export function rememberVisit(userId: number, roomId: number, now = Date.now()) {
	remember(key(userId), JSON.stringify(visited(visitsOf(userId), roomId, now)));
}
