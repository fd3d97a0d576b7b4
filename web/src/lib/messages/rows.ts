import type { Message } from '$lib/protocol';
import type { Unsent } from '$lib/outbox/outbox.svelte';

/** One row of a room's log. */
export interface Row {
	key: string;
	authorId: number;
	at: Date;
	/** Under a row of the same author: without tile and name. */
	grouped: boolean;
	/** The first of its day. */
	opensDay: boolean;
	/** The first that was not read when the room was opened. */
	opensNew: boolean;
	message?: Message;
	unsent?: Unsent;
}

const GROUPED_WITHIN_MS = 5 * 60_000;

/**
 * The log's rows.
 * @param unsent what was written here and is not among the messages
 * @param newAfter the read mark that the "new" line shows; null: no line
 */
export function rowsOf(
	messages: readonly Message[],
	unsent: readonly Unsent[],
	newAfter: number | null,
	me: number
): Row[] {
	const rows: Row[] = [];
	let lineStands = newAfter === null;
	for (const message of messages) {
		const opensNew =
			!lineStands && message.seq > newAfter! && message.kind === 'text' && message.authorId !== me;
		lineStands ||= opensNew;
		// An own message keeps the row that it had while it was unsent.
		const key = message.cid && message.authorId === me ? message.cid : `seq:${message.seq}`;
		add({ key, authorId: message.authorId, at: new Date(message.createdAt), opensNew, message });
	}
	for (const one of unsent)
		add({ key: one.cid, authorId: me, at: new Date(one.at), opensNew: false, unsent: one });
	return rows;

	function add(row: Omit<Row, 'grouped' | 'opensDay'>) {
		const above = rows.at(-1);
		const opensDay = !above || above.at.toDateString() !== row.at.toDateString();
		rows.push({ ...row, opensDay, grouped: !opensDay && !row.opensNew && belongsTo(above!, row) });
	}
}

function belongsTo(above: Row, row: Omit<Row, 'grouped' | 'opensDay'>) {
	return (
		above.authorId === row.authorId &&
		above.message?.kind !== 'system' &&
		row.message?.kind !== 'system' &&
		row.at.getTime() - above.at.getTime() < GROUPED_WITHIN_MS
	);
}
