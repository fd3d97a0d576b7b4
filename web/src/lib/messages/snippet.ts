import { wordsOf } from '$lib/markdown/words';
import { m } from '$lib/i18n/messages';
import type { Message } from '$lib/protocol';

/** One line that reminds of a message. */
export function snippetOf(message: Message): string {
	if (message.deletedAt) return m.message_deleted();
	return wordsOf(message.body ?? '');
}
