import { m } from '$lib/i18n/messages';
import type { PersonState } from '$lib/protocol';

export const STATES: readonly PersonState[] = ['active', 'disabled', 'banned', 'deleted'];

/** Whether somebody can still come in, in a word. */
export function stateWord(state: PersonState): string {
	switch (state) {
		case 'active':
			return m.state_active();
		case 'disabled':
			return m.state_disabled();
		case 'banned':
			return m.state_banned();
		case 'deleted':
			return m.state_deleted();
	}
}
