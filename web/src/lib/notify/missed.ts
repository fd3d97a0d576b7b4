import type { Chat } from '$lib/chat/chat.svelte';
import * as messages from '$lib/http/messages';
import * as http from '$lib/http/rooms';
import { mentionsIn } from '$lib/inbox/owed';
import type { Message } from '$lib/protocol';
import type { JoinedRoom } from '$lib/rooms/room.svelte';

/** How far each room had been heard, by its id, when the connection was lost. */
export type HeardUpTo = ReadonlyMap<number, number>;

/** What was said to the person while there was no connection, and has not been read since. */
export interface Missed {
	count: number;
	rooms: readonly JoinedRoom[];
	/** The oldest first; null when they are more than were asked for. */
	messages: readonly Message[] | null;
}

/**
 * Asks for it; throws when the connection is gone again.
 * @param most of so many the messages themselves are wanted
 */
export async function missedSince(chat: Chat, heard: HeardUpTo, most: number): Promise<Missed> {
	const from = ({ id, unread }: JoinedRoom) => Math.max(heard.get(id) ?? 0, unread.mark);
	const loud = chat.rooms
		.all()
		.filter((room) => room.level === 'everything' || room.level === 'mentions')
		.filter((room) => room.unread.count > 0 && room.unread.lastSeq > from(room));
	const direct = loud.filter(({ row }) => row.kind === 'direct');
	const shared = loud.filter(({ row, unread }) => row.kind !== 'direct' && unread.mentions > 0);

	const named = await namedIn(shared, from);
	const rooms = shared.filter(({ id }) => named.messages.some(({ roomId }) => roomId === id));
	const inDirect = direct.map((room) => Math.min(room.unread.count, room.unread.lastSeq - from(room)));
	const count = inDirect.reduce((sum, one) => sum + one, named.count);
	if (count > most) return { count, rooms: [...rooms, ...direct], messages: null };

	const pages = await Promise.all(direct.map((room) => http.page(room.id, { after: from(room) })));
	const said = pages
		.flatMap(({ messages }) => messages)
		.filter(({ kind, deletedAt, authorId }) => kind === 'text' && !deletedAt && authorId !== chat.me.id);
	return {
		count,
		rooms: [...rooms, ...direct],
		messages: [...named.messages, ...said].sort((a, b) => a.id - b.id)
	};
}

async function namedIn(rooms: readonly JoinedRoom[], from: (room: JoinedRoom) => number) {
	if (rooms.length === 0) return { count: 0, messages: [] };
	const page = await messages.mentions();
	const missed = page.messages.filter(({ roomId, seq }) =>
		rooms.some((room) => room.id === roomId && seq > from(room))
	);
	// Nobody reads so many one by one: then what is unread is near enough.
	const all = page.next === undefined || missed.length < page.messages.length;
	return { count: all ? missed.length : mentionsIn(rooms), messages: missed };
}
