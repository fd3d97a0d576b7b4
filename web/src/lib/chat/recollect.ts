import { personChanges } from '$lib/http/accounts';
import { retryAfter } from '$lib/http/request';
import type { PersonStreamChange } from '$lib/protocol';
import type { Chat } from './chat.svelte';

/** What a person had kept and begun in a room before they left it: it comes back with the room, but is not told again. */
export async function recollect({ rooms, saved, drafts }: Chat, roomId: number) {
	// Another one, or none, once they have left again or another history has begun.
	const room = rooms.get(roomId);
	for (let [held, head] = [0, 1]; held < head;) {
		try {
			const range = await personChanges(held);
			if (rooms.get(roomId) !== room) return;
			for (const change of range.changes as PersonStreamChange[]) {
				if (change.type === 'saved' && change.saved.roomId === roomId) saved.take(change.saved);
				if (change.type === 'draft' && change.draft.roomId === roomId) drafts.take(change.draft);
			}
			[held, head] = [range.complete, range.head];
		} catch (failure) {
			const wait = retryAfter(failure);
			if (wait === null) return;
			await new Promise((resolve) => setTimeout(resolve, wait));
		}
	}
}
