import type { Change, Message, Room, RoomLevel, ServerFrame } from '$lib/protocol';
import { EVA, NAMES, isIn, kept, member, newWorld, placeOf, type RoomState, type World } from './world';

/** Why something was not done, as both doors tell it. */
export interface No {
	code: string;
	status: number;
	retry?: boolean;
	retryAfterMs?: number;
	params?: Record<string, number>;
}

export class Refusal extends Error {
	readonly no: No;

	constructor(no: No) {
		super(no.code);
		this.no = no;
	}
}

const no = (code: string, status: number, more: Partial<No> = {}) =>
	new Refusal({ code, status, retry: false, ...more });

/** An open socket, as the server sees it. */
export interface Listener {
	hear: (frame: ServerFrame | Change) => void;
	close: (code: number) => void;
	/** Heads that moved since its last ping, by stream: `person`, `server`, or a room's id. */
	moved: Set<string>;
	greeted: boolean;
}

/** An honest server in memory, as docs/protocol.md has it, with one person's clients: what they must come to agree with. */
export class ModelServer {
	world: World;
	readonly listeners = new Set<Listener>();
	/** So many of the next posts are too fast, and so many of the next requests find it busy. */
	tooFast = 0;
	busy = 0;
	/** Texts that were stored and went with a history that is no more. */
	readonly undone = new Set<string>();
	#copy: World | null = null;
	#epochs = 0;
	#now: () => number;

	constructor(rooms: number, now: () => number) {
		this.world = newWorld(rooms);
		this.#now = now;
	}

	room(id: number): RoomState | undefined {
		return this.world.rooms.find(({ row }) => row.id === id);
	}

	/** The room, for somebody who is in it. */
	roomFor(id: number, userId: number): RoomState {
		const room = this.room(id);
		if (!room) throw no('not_found', 404);
		if (!isIn(room, userId)) throw no('not_member', 403);
		return room;
	}

	post(userId: number, roomId: number, body: string, cid = `other-${this.#id()}`, replyToSeq?: number) {
		const again = userId === EVA ? this.world.cids[cid] : undefined;
		if (userId === EVA && this.tooFast > 0) {
			this.tooFast--;
			throw no('too_fast', 429, { retry: true, retryAfterMs: 700 });
		}
		if (again) {
			if (again.roomId !== roomId || again.body !== body) throw no('conflict', 409);
			return { cid, ...again, id: again.roomId * 1000 + again.seq, duplicate: true };
		}
		const room = this.roomFor(roomId, userId);
		if (room.row.locked) throw no('locked', 403);
		const answered = replyToSeq === undefined ? undefined : this.#one(room, replyToSeq);
		if (replyToSeq !== undefined && !answered) throw no('invalid_reply', 400);
		const said = this.#say(room, {
			authorId: userId,
			cid,
			kind: 'text',
			body,
			...mentionsIn(body),
			...(answered ? { replyTo: { seq: answered.seq, authorId: answered.authorId } } : {})
		});
		const { seq, id, createdAt } = said;
		if (userId === EVA) this.world.cids[cid] = { roomId, seq, body, createdAt };
		return { cid, roomId, id, seq, createdAt, duplicate: false };
	}

	edit(userId: number, roomId: number, seq: number, body: string) {
		return this.#change(userId, roomId, seq, (message) => {
			if (message.authorId !== userId) throw no('not_yours', 403);
			return { ...message, body, mentions: undefined, ...mentionsIn(body), editedAt: this.#time() };
		});
	}

	delete(userId: number, roomId: number, seq: number) {
		const room = this.roomFor(roomId, userId);
		if (this.#one(room, seq)?.deletedAt) return this.#one(room, seq);
		return this.#change(userId, roomId, seq, ({ id, authorId, cid, kind, createdAt }) => ({
			...{ id, roomId, seq, rev: 0, authorId, cid, kind, createdAt },
			deletedAt: this.#time()
		}));
	}

	react(userId: number, roomId: number, seq: number, emoji: string, present: boolean) {
		return this.#change(userId, roomId, seq, (message) => {
			const others = message.reactions?.find((one) => one.emoji === emoji)?.userIds ?? [];
			const userIds = [...others.filter((id) => id !== userId), ...(present ? [userId] : [])];
			const rest = message.reactions?.filter((one) => one.emoji !== emoji) ?? [];
			const reactions = userIds.length > 0 ? [...rest, { emoji, userIds }] : rest;
			return { ...message, reactions: reactions.length > 0 ? reactions : undefined };
		});
	}

	/** The room's row has another form. */
	changeRoom(room: RoomState, change: Partial<Room>) {
		room.row = { ...room.row, ...change, rev: ++room.head };
		this.#tell(room, { type: 'room', roomId: room.row.id, rev: room.head, room: room.row });
	}

	/** Keeps nothing below a `seq` any more. */
	purge(room: RoomState, firstSeq: number) {
		if (firstSeq <= room.row.firstSeq || firstSeq > room.messages.length + 1) return;
		this.world.saved = this.world.saved.filter(
			(one) => one.roomId !== room.row.id || one.seq >= firstSeq
		);
		this.changeRoom(room, { firstSeq });
	}

	/** Somebody comes into a room or goes. */
	setMember(roomId: number, userId: number, joined: boolean) {
		const room = this.room(roomId)!;
		if (isIn(room, userId) === joined) return;
		const rev = ++room.head;
		const changed = member(roomId, userId, rev, joined);
		room.members = [...room.members.filter((one) => one.userId !== userId), changed];
		// Who comes hears of it themselves; who goes does not.
		if (userId === EVA && joined) room.mark = room.messages.length;
		if (isIn(room)) this.#tell(room, { type: 'member', roomId, rev, member: changed });
		const event = joined ? 'joined' : 'left';
		this.#say(room, { authorId: userId, kind: 'system', system: { event, userId } });
		if (userId === EVA) this.#placed(room);
	}

	read(roomId: number, mark: number, replaces: number) {
		const room = this.roomFor(roomId, EVA);
		if (mark < 0 || mark > room.messages.length) throw no('invalid_mark', 400);
		if (replaces !== room.mark) throw no('stale_mark', 409, { params: { mark: room.mark } });
		if (mark === room.mark) return;
		room.mark = mark;
		this.#placed(room);
	}

	level(roomId: number, level: RoomLevel) {
		const room = this.roomFor(roomId, EVA);
		if (room.level !== level) {
			room.level = level;
			this.#placed(room);
		}
		return placeOf(room);
	}

	save(roomId: number, seq: number, saved: boolean) {
		const room = this.roomFor(roomId, EVA);
		if (!this.#one(room, seq)) throw no('not_found', 404);
		const same = (one: { roomId: number; seq: number }) => one.roomId === roomId && one.seq === seq;
		const before = this.world.saved.find(same);
		if ((before?.saved ?? false) === saved)
			return before ?? { roomId, seq, saved, at: this.#time(), rev: 0 };
		const now = { roomId, seq, saved, at: this.#time(), rev: ++this.world.personHead };
		this.world.saved = [...this.world.saved.filter((one) => !same(one)), now];
		this.#tellPerson({ type: 'saved', rev: now.rev, saved: now });
		return now;
	}

	keepDraft(roomId: number, body: string, replyToSeq?: number) {
		this.roomFor(roomId, EVA);
		const reply = body === '' ? undefined : replyToSeq;
		const before = this.world.drafts.find((one) => one.roomId === roomId);
		const at = this.#time();
		if ((before?.body ?? '') === body && before?.replyToSeq === reply)
			return before ?? { roomId, body, at, rev: this.world.personHead + 1 };
		const now = { roomId, body, replyToSeq: reply, at, rev: ++this.world.personHead };
		this.world.drafts = [...this.world.drafts.filter((one) => one.roomId !== roomId), now];
		this.#tellPerson({ type: 'draft', rev: now.rev, draft: now });
		return now;
	}

	rename(userId: number, displayName: string) {
		const rev = ++this.world.serverHead;
		this.world.people = this.world.people.map((one) =>
			one.id === userId ? { ...one, displayName, rev } : one
		);
		const person = this.world.people.find(({ id }) => id === userId)!;
		this.#announce('server', { type: 'person', rev, person });
	}

	/** A copy that may come back. */
	copy() {
		this.#copy = structuredClone(this.world);
	}

	/** Its data goes back in time: another history begins. @param told whether its epoch says so */
	goBack(told = true) {
		if (!this.#copy) return;
		const then = structuredClone(this.#copy);
		for (const [cid, { body }] of Object.entries(this.world.cids))
			if (!then.cids[cid]) this.undone.add(body);
		this.world = told ? { ...then, epoch: `epoch-${++this.#epochs}` } : then;
		this.restart();
	}

	restart() {
		for (const listener of [...this.listeners]) listener.close(4000);
	}

	/** Tells every socket which heads moved since it was told the last time. */
	ping() {
		for (const listener of this.listeners) {
			if (!listener.greeted) continue;
			const { personHead: person, serverHead: server } = this.world;
			const rooms = this.world.rooms.filter(
				(room) => listener.moved.has(`${room.row.id}`) && isIn(room)
			);
			listener.hear({
				type: 'ping',
				heads: {
					...(listener.moved.has('person') ? { person } : {}),
					...(listener.moved.has('server') ? { server } : {}),
					rooms: Object.fromEntries(rooms.map(({ row, head }) => [row.id, head]))
				}
			});
			listener.moved.clear();
		}
	}

	#id() {
		return Object.values(this.world.rooms).reduce((sum, { messages }) => sum + messages.length, 0);
	}

	#time() {
		return new Date(this.#now()).toISOString();
	}

	#one(room: RoomState, seq: number) {
		return kept(room).find((message) => message.seq === seq);
	}

	#say(room: RoomState, said: Pick<Message, 'authorId' | 'kind'> & Partial<Message>): Message {
		const seq = room.messages.length + 1;
		const { id: roomId } = room.row;
		const made = {
			id: roomId * 1000 + seq,
			roomId,
			seq,
			rev: ++room.head,
			createdAt: this.#time(),
			...said
		};
		room.messages.push(made);
		this.#tell(room, { type: 'message', roomId, rev: made.rev, message: made });
		return made;
	}

	#change(userId: number, roomId: number, seq: number, change: (message: Message) => Message): Message {
		const room = this.roomFor(roomId, userId);
		const message = this.#one(room, seq);
		if (!message) throw no('not_found', 404);
		if (room.row.locked) throw no('locked', 403);
		if (message.kind !== 'text') throw no('forbidden', 403);
		if (message.deletedAt) throw no('deleted', 409);
		const changed = { ...change(message), rev: ++room.head };
		room.messages[seq - 1] = changed;
		this.#tell(room, { type: 'message', roomId, rev: changed.rev, message: changed });
		return changed;
	}

	#placed(room: RoomState) {
		room.placeRev = ++this.world.personHead;
		this.#tellPerson({ type: 'place', rev: room.placeRev, place: placeOf(room) });
	}

	#tell(room: RoomState, change: Change) {
		if (isIn(room)) this.#announce(`${room.row.id}`, change);
	}

	#tellPerson(change: Change) {
		this.#announce('person', change);
	}

	#announce(stream: string, change: Change) {
		for (const listener of this.listeners) {
			if (!listener.greeted) continue;
			listener.moved.add(stream);
			listener.hear(change);
		}
	}
}

function mentionsIn(body: string): { mentions?: number[] } {
	const ids = [...body.matchAll(/@(\w+)/g)].flatMap(([, name]) => NAMES[name as keyof typeof NAMES] ?? []);
	return ids.length > 0 ? { mentions: ids } : {};
}
