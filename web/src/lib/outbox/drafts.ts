import { forgetAll, recall, remember } from '$lib/ui/memory';

const key = (userId: number, roomId: number) => `olha.draft.${userId}.${roomId}`;

/** What the person began to write in this room and did not send. */
export const draftIn = (userId: number, roomId: number): string => recall(key(userId, roomId)) ?? '';

export function keepDraft(userId: number, roomId: number, text: string) {
	remember(key(userId, roomId), text || null);
}

export function forgetDrafts(userId: number) {
	forgetAll(`olha.draft.${userId}.`);
}
