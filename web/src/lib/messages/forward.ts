import type { Message } from '$lib/protocol';

/**
 * A message's words for another room: quoted, with where they come from. Who may not see that room sees the words, for
 * that is what was decided by forwarding them.
 * @param source "Ana in General"
 */
export function forwarded(message: Message, source: string, link: string, comment: string): string {
	const quoted = (message.body ?? '')
		.split('\n')
		.map((line) => `> ${line}`)
		.join('\n');
	const label = source.replace(/[[\]\\]/g, '\\$&');
	return `${comment.trim() ? `${comment.trim()}\n\n` : ''}${quoted}\n\n[${label}](${link})`;
}
