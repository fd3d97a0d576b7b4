import type { ClientFrame, Hello, Place, RoomLevel, Welcome } from '$lib/protocol';
import { Refusal, type Listener, type ModelServer } from './server';
import { EVA, isIn, pageOf, personChanges, placeOf, readState, roomChanges, serverChanges } from './world';

/** Changes in one answer: few, so that a client has to ask again. */
const MOST_CHANGES = 5;
/** Changes that are replayed to a client that comes back. */
const MOST_REPLAYED = 12;

/** What a socket says is done. */
export function take(server: ModelServer, listener: Listener, frame: ClientFrame) {
	switch (frame.type) {
		case 'hello':
			return welcome(server, listener, frame);
		case 'post': {
			const { roomId, cid, body, replyToSeq } = frame;
			return orRefused(listener, frame, () => {
				const { id, seq, createdAt, duplicate } = server.post(EVA, roomId!, body!, cid!, replyToSeq);
				listener.hear({ type: 'ack', cid: cid!, roomId: roomId!, id, seq, createdAt, duplicate });
			});
		}
		case 'read':
			return orRefused(listener, frame, () => server.read(frame.roomId!, frame.mark!, frame.replaces!));
	}
}

function orRefused(
	listener: Listener,
	frame: { type: string; cid?: string; roomId?: number },
	work: () => void
) {
	try {
		work();
	} catch (failure) {
		if (!(failure instanceof Refusal)) throw failure;
		const { code, retry = false, retryAfterMs, params } = failure.no;
		const { type: of, cid, roomId } = frame;
		const refused = { type: 'refused', of, cid, roomId, code, detail: code, retry, retryAfterMs, params };
		listener.hear(refused as Parameters<Listener['hear']>[0]);
	}
}

/** The whole starting state, what was missed, and from then on everything. */
function welcome(server: ModelServer, listener: Listener, hello: Hello) {
	const { world } = server;
	const resumed = hello.epoch === world.epoch;
	const everybody = !resumed || !hello.server || hello.server > world.serverHead;
	const rooms = world.rooms.filter((room) => isIn(room));
	const joined = (roomId: number) => rooms.some(({ row }) => row.id === roomId);
	const state: Welcome = {
		type: 'welcome',
		epoch: world.epoch,
		me: world.people.find(({ id }) => id === EVA)!,
		personHead: world.personHead,
		serverHead: world.serverHead,
		settings: world.settings,
		rooms: rooms.map(placeOf),
		people: world.people.filter(({ rev }) => everybody || rev > hello.server!),
		peopleComplete: everybody,
		limits: { messageLength: 4000, messagesPerSecond: 5, messageBurst: 20, frameBytes: 65_536 },
		heartbeat: { intervalMs: 25_000, timeoutMs: 10_000 },
		saved: world.saved.filter(({ saved, roomId }) => saved && joined(roomId)),
		drafts: world.drafts.filter(({ body, roomId }) => body !== '' && joined(roomId))
	};
	listener.hear(state);
	listener.hear({ type: 'online', ids: [EVA], away: [] });
	let left = MOST_REPLAYED;
	for (const room of rooms) {
		const { id } = room.row;
		const held = hello.rooms?.[id];
		if (!resumed || held === undefined || held >= room.head) continue;
		const missed = roomChanges(room, held, left);
		if (missed.complete < missed.head) listener.hear({ type: 'behind', roomId: id, head: room.head });
		else listener.hear(missed);
		if (missed.complete === missed.head) left -= missed.changes.length;
	}
	listener.greeted = true;
	listener.moved.clear();
}

/** What the API answers, as it is read now. */
export function answer(
	server: ModelServer,
	method: string,
	path: string,
	body: Record<string, unknown>
): { status: number; body: unknown } {
	if (server.busy > 0) {
		server.busy--;
		return problem(new Refusal({ code: 'unavailable', status: 503, retry: true }));
	}
	try {
		return { status: 200, body: answered(server, method, new URL(path, 'http://olha'), body) ?? {} };
	} catch (failure) {
		if (failure instanceof Refusal) return problem(failure);
		throw failure;
	}
}

const problem = ({ no }: Refusal) => ({
	status: no.status,
	body: { ...no, type: '', title: '', detail: no.code, retry: no.retry ?? false }
});

function answered(server: ModelServer, method: string, url: URL, body: Record<string, unknown>): unknown {
	const { world } = server;
	const path = url.pathname.replace('/api/v1', '').split('/').slice(1);
	const after = Number(url.searchParams.get('after'));
	if (path[0] === 'session') return { me: world.people[0] };
	if (path[0] === 'me' && path[1] === 'changes') return personChanges(world, after, MOST_CHANGES);
	if (path[0] === 'people') return serverChanges(world, after, MOST_CHANGES);
	const [, id, what, number, detail, emoji] = path;
	const roomId = Number(id);
	if (what === 'join') {
		server.setMember(roomId, EVA, true);
		return placeOf(server.room(roomId)!);
	}
	if (what === undefined) {
		const room = server.room(roomId);
		if (!room) throw new Refusal({ code: 'not_found', status: 404 });
		return isIn(room) ? placeOf(room) : ({ ...placeOf(room), rev: 0 } satisfies Place);
	}
	const room = server.roomFor(roomId, EVA);
	const [seq, isPut] = [Number(number), method === 'PUT'];
	switch (what) {
		case 'leave':
			return server.setMember(roomId, EVA, false);
		case 'members':
			return {
				roomId,
				members: room.members.filter(({ joined }) => joined),
				complete: room.head
			};
		case 'changes':
			return roomChanges(room, after, MOST_CHANGES);
		case 'read':
			server.read(roomId, body.mark as number, body.replaces as number);
			return readState(room);
		case 'level':
			return server.level(roomId, body.level as RoomLevel);
		case 'draft':
			return server.keepDraft(roomId, body.body as string, body.replyToSeq as number | undefined);
		case 'messages':
			if (number === undefined) return pageOf(room, url.searchParams);
			if (detail === 'reactions')
				return server.react(EVA, roomId, seq, decodeURIComponent(emoji!), isPut);
			if (detail === 'saved') return server.save(roomId, seq, isPut);
			if (method === 'PATCH') return server.edit(EVA, roomId, seq, body.body as string);
			if (method === 'DELETE') return server.delete(EVA, roomId, seq);
			return pageOf(room, new URLSearchParams({ around: number, limit: '1' })).messages[0];
	}
	throw new Error(`The model has no ${method} ${url.pathname}`);
}
