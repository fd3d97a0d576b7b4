import type { Message } from '$lib/protocol';

// Messages next to each other: `seq` has no gaps, so a message's index is its distance from the first.

/** Replaces what is held by a newer form; anything else leaves it as it is. */
export function replace(messages: readonly Message[], message: Message): readonly Message[] {
	const index = message.seq - (messages[0]?.seq ?? 0);
	const held = messages[index];
	return held && held.rev < message.rev ? messages.with(index, message) : messages;
}

/**
 * With changes laid over, whatever order they came in.
 * @param end the `seq` of the last message, or of the one before the first when there is none
 * @returns the messages, and those that wait for their neighbour below
 */
export function overlay(messages: readonly Message[], changes: readonly Message[], end: number) {
	const [laid, ahead]: [Message[], Message[]] = [[...messages], []];
	for (const change of changes.toSorted((a, b) => a.seq - b.seq || a.rev - b.rev)) {
		const index = change.seq - (laid[0]?.seq ?? end + 1);
		const held = laid[index];
		if (held && held.rev < change.rev) laid[index] = change;
		else if (change.seq === end + 1) laid.push(change);
		else if (change.seq > end) ahead.push(change);
		end = Math.max(end, laid.at(-1)?.seq ?? end);
	}
	return { messages: laid, ahead };
}

/** Two ranges that touch or overlap as one, each message in its newest form; null when there is a hole between them. */
export function join(held: readonly Message[], page: readonly Message[]): readonly Message[] | null {
	const [first, pageFirst] = [held[0], page[0]];
	if (!first) return page;
	if (!pageFirst) return held;
	if (pageFirst.seq > first.seq + held.length || first.seq > pageFirst.seq + page.length) return null;

	const from = Math.min(first.seq, pageFirst.seq);
	const to = Math.max(first.seq + held.length, pageFirst.seq + page.length);
	return Array.from({ length: to - from }, (_, offset) => {
		const mine = held[from + offset - first.seq];
		const theirs = page[from + offset - pageFirst.seq];
		if (!mine || !theirs) return (mine ?? theirs)!;
		return theirs.rev > mine.rev ? theirs : mine;
	});
}

/** Without what lies below the first message that the room keeps. */
export function dropBelow(messages: readonly Message[], firstSeq: number): readonly Message[] {
	const first = messages[0];
	return first && first.seq < firstSeq ? messages.slice(firstSeq - first.seq) : messages;
}
