import { personChanges } from '$lib/http/accounts';
import { retryAfter } from '$lib/http/request';
import type { DraftChange, PersonStreamChange, SavedChange } from '$lib/protocol';

/**
 * What a person had kept and begun in a room before they left it: it comes back with the room, but is not told again.
 * @param take is called with each in its present form
 */
export async function recollect(roomId: number, take: (change: SavedChange | DraftChange) => void) {
	for (let [held, head] = [0, 1]; held < head;) {
		try {
			const range = await personChanges(held);
			for (const change of range.changes as PersonStreamChange[]) {
				if (change.type === 'saved' && change.saved.roomId === roomId) take(change);
				if (change.type === 'draft' && change.draft.roomId === roomId) take(change);
			}
			[held, head] = [range.complete, range.head];
		} catch (failure) {
			const wait = retryAfter(failure);
			if (wait === null) return;
			await new Promise((resolve) => setTimeout(resolve, wait));
		}
	}
}
