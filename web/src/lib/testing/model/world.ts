import { means } from '$lib/rooms/unread.svelte';
import type {
	Member,
	Message,
	MessagePage,
	Person,
	Place,
	ReadState,
	Room,
	RoomChanges,
	RoomDraft,
	RoomLevel,
	RoomStreamChange,
	SavedMessage,
	ServerSettings,
	StreamChanges
} from '$lib/protocol';

/** Whose chat it is. */
export const EVA = 1;
export const ANA = 2;
export const BRUNO = 3;
export const NAMES = { eva: EVA, ana: ANA, bruno: BRUNO, room: 0 };

/** One room, and what Eva is to it. */
export interface RoomState {
	row: Room;
	head: number;
	messages: Message[];
	members: Member[];
	mark: number;
	placeRev: number;
	level: RoomLevel;
}

/** All that the server has: data and nothing else, so that an older copy of it can come back. */
export interface World {
	epoch: string;
	rooms: RoomState[];
	people: Person[];
	settings: ServerSettings;
	serverHead: number;
	/** Of Eva's own stream. */
	personHead: number;
	saved: SavedMessage[];
	drafts: RoomDraft[];
	/** What Eva's cids were used for, for ever. */
	cids: Record<string, { roomId: number; seq: number; body: string; createdAt: string }>;
}

export function newWorld(rooms: number): World {
	const person = (id: number, username: string): Person => ({
		id,
		username,
		displayName: username,
		color: '#112233',
		role: 'member',
		rev: id
	});
	return {
		epoch: 'epoch-0',
		people: [person(EVA, 'eva'), person(ANA, 'ana'), person(BRUNO, 'bruno')],
		settings: {
			name: 'Olha',
			receipts: false,
			rev: 4,
			registration: 'open',
			messageLength: 4000,
			messagesPerMinute: 300
		},
		serverHead: 4,
		personHead: rooms,
		saved: [],
		drafts: [],
		cids: {},
		rooms: Array.from({ length: rooms }, (_, index) => ({
			row: {
				id: index + 1,
				kind: 'open',
				name: `room ${index + 1}`,
				general: index === 0,
				createdAt: '2026-01-01T00:00:00.000Z',
				firstSeq: 1,
				rev: 1
			},
			head: 3,
			messages: [],
			members: [EVA, ANA].map((userId, at) => member(index + 1, userId, at + 2)),
			mark: 0,
			placeRev: index + 1,
			level: 'everything'
		}))
	};
}

export const member = (roomId: number, userId: number, rev: number, joined = true): Member => ({
	roomId,
	userId,
	joined,
	since: '2026-01-01T00:00:00.000Z',
	rev
});

export const isIn = (room: RoomState | undefined, userId = EVA) =>
	room?.members.some((one) => one.userId === userId && one.joined) ?? false;

export const kept = ({ messages, row }: RoomState) => messages.filter(({ seq }) => seq >= row.firstSeq);

export function readState(room: RoomState): ReadState {
	const above = kept(room).filter(({ seq }) => seq > room.mark);
	return {
		roomId: room.row.id,
		mark: room.mark,
		unread: above.filter(
			({ kind, authorId, deletedAt }) => kind === 'text' && authorId !== EVA && !deletedAt
		).length,
		mentions: above.filter((message) => message.kind === 'text' && means(message, EVA)).length,
		head: room.head,
		rev: room.placeRev
	};
}

export function placeOf(room: RoomState): Place {
	if (!isIn(room)) {
		const none = { mark: 0, unread: 0, lastSeq: 0, head: 0, mentions: 0, level: 'mentions' as const };
		return { roomId: room.row.id, joined: false, ...none, rev: room.placeRev };
	}
	return {
		...readState(room),
		joined: true,
		lastSeq: room.messages.length,
		room: room.row,
		level: room.level
	};
}

/** What changed after a revision, as the API says it. @param limit how many in one answer */
export function roomChanges(room: RoomState, after: number, limit: number): RoomChanges {
	const roomId = room.row.id;
	const all: RoomStreamChange[] = [
		...kept(room).map((message) => ({ type: 'message' as const, roomId, rev: message.rev, message })),
		...room.members.map((one) => ({ type: 'member' as const, roomId, rev: one.rev, member: one })),
		{ type: 'room', roomId, rev: room.row.rev, room: room.row }
	];
	const missed = all.filter(({ rev }) => rev > after).sort((a, b) => a.rev - b.rev);
	const changes = missed.slice(0, limit);
	const complete = missed.length > limit ? (changes.at(-1)?.rev ?? after) : room.head;
	return { type: 'changes', roomId, complete, head: room.head, changes, read: readState(room) };
}

export function personChanges(world: World, after: number, limit: number): StreamChanges {
	const all = [
		...world.rooms.map((room) => ({ type: 'place' as const, rev: room.placeRev, place: placeOf(room) })),
		...world.saved.map((saved) => ({ type: 'saved' as const, rev: saved.rev, saved })),
		...world.drafts.map((draft) => ({ type: 'draft' as const, rev: draft.rev, draft }))
	];
	return rangeOf(all, after, limit, world.personHead);
}

export function serverChanges(world: World, after: number, limit: number): StreamChanges {
	const all = [
		...world.people.map((person) => ({ type: 'person' as const, rev: person.rev, person })),
		{ type: 'settings' as const, rev: world.settings.rev, settings: world.settings }
	];
	return rangeOf(all, after, limit, world.serverHead);
}

function rangeOf(all: StreamChanges['changes'], after: number, limit: number, head: number): StreamChanges {
	const missed = all.filter(({ rev }) => rev > after).sort((a, b) => a.rev - b.rev);
	const changes = missed.slice(0, limit);
	return { changes, complete: missed.length > limit ? changes.at(-1)!.rev : head, head };
}

export function pageOf(room: RoomState, search: URLSearchParams): MessagePage {
	const limit = Number(search.get('limit') ?? 50);
	const all = kept(room);
	const place = (name: string) => Number(search.get(name));
	let messages: Message[];
	if (search.has('around')) {
		const below = all.filter(({ seq }) => seq <= place('around'));
		const above = all.filter(({ seq }) => seq > place('around'));
		messages = [...below.slice(-Math.ceil(limit / 2)), ...above.slice(0, limit - Math.ceil(limit / 2))];
	} else if (search.has('after')) {
		messages = all.filter(({ seq }) => seq > place('after')).slice(0, limit);
	} else {
		const before = search.has('before') ? place('before') : Infinity;
		messages = all.filter(({ seq }) => seq < before).slice(-limit);
	}
	const seqs = new Set(messages.map(({ seq }) => seq));
	const answered = new Set(messages.flatMap(({ replyTo }) => replyTo?.seq ?? []));
	const parents = all.filter(({ seq }) => answered.has(seq) && !seqs.has(seq));
	const [first, last] = [messages[0]?.seq, messages.at(-1)?.seq];
	return {
		roomId: room.row.id,
		messages,
		complete: room.head,
		hasBefore: first === undefined ? search.has('after') && all.length > 0 : first > all[0]!.seq,
		hasAfter: last === undefined ? search.has('before') && all.length > 0 : last < all.at(-1)!.seq,
		read: readState(room),
		...(parents.length > 0 ? { parents } : {})
	};
}
