import { createContext } from 'svelte';
import { version } from '$app/environment';
import { Keeper } from '$lib/cache/keeper';
import type { KeptState } from '$lib/cache/store';
import * as accounts from '$lib/http/accounts';
import { retryAfter, RefusalError } from '$lib/http/request';
import * as messages from '$lib/http/messages';
import { Saved } from '$lib/messages/saved.svelte';
import { Drafts } from '$lib/outbox/drafts.svelte';
import { Outbox } from '$lib/outbox/outbox.svelte';
import { openStore } from '$lib/outbox/store';
import { Activity } from '$lib/people/activity';
import { People } from '$lib/people/people.svelte';
import { Presence } from '$lib/people/presence.svelte';
import { TypingPeople } from '$lib/people/typing.svelte';
import type {
	Hello,
	Incoming,
	Limits,
	Message,
	MessageChange,
	Person,
	PersonChange,
	PersonStreamChange,
	Place,
	RoomStreamChange,
	ServerSettings,
	SettingsChange,
	Welcome
} from '$lib/protocol';
import { Reading } from '$lib/rooms/reading';
import type { JoinedRoom, RoomEnds } from '$lib/rooms/room.svelte';
import { Rooms } from '$lib/rooms/rooms.svelte';
import { Connection, type Stopped } from '$lib/socket/connection.svelte';
import { Stream, type Range } from '$lib/socket/stream';
import { goesOn } from './history';
import { recollect } from './recollect';
import { View } from './view.svelte';

/** Frames that change nothing worth keeping. */
const EPHEMERAL: ReadonlySet<string> = new Set(['ping', 'typing', 'presence', 'online', 'refused', 'bye']);

/** When this device takes longer, the server is faster. */
const RESTORED_WITHIN_MS = 1_000;

export interface ChatEnds {
	dial: () => WebSocket;
	stopped: (why: Stopped) => void;
	/** A message came live that had not been there before. */
	heard: (room: JoinedRoom, message: Message) => void;
	/** A message was said, or has another form now. */
	changed: (message: Message) => void;
	/** There is a connection again; what was said since these places of the rooms, by their ids, was not heard. */
	missed: (heardUpTo: ReadonlyMap<number, number>) => void;
}

/** Everything that one signed-in person holds, kept right by one connection. */
export class Chat {
	readonly people = new People();
	readonly presence = new Presence();
	readonly rooms: Rooms;
	readonly outbox: Outbox;
	readonly drafts: Drafts;
	readonly saved = new Saved();
	readonly typing: TypingPeople;
	readonly reading: Reading;
	readonly activity: Activity;
	readonly connection: Connection;
	readonly view = new View();
	#ends: ChatEnds;
	#me: Person = $state.raw()!;
	#settings: ServerSettings | null = $state.raw(null);
	#limits: Limits | null = $state.raw(null);
	#epoch: string | undefined;
	#started = false; // before that, what this device kept is not all there
	#stopped = false;
	#connected = false; // has been, since the page was opened
	#keeper: Keeper;
	#greeted: Hello = { type: 'hello' };
	#person: Stream<PersonStreamChange>;
	#server: Stream<PersonChange | SettingsChange>;

	constructor(me: Person, ends: ChatEnds) {
		this.#me = me;
		this.#ends = ends;
		this.people.take(me);
		this.connection = new Connection({
			dial: ends.dial,
			stopped: ends.stopped,
			hello: () => (this.#greeted = this.#hello()),
			receive: (frame) => this.#receive(frame),
			lost: () => this.#lost(),
			signedIn
		});
		this.outbox = new Outbox(
			me.id,
			openStore(),
			(post) => this.connection.send(post),
			(roomId) => this.#settleOutbox(roomId)
		);
		this.#keeper = new Keeper(me.id, {
			state: () => this.#kept(),
			people: () => ({ serverRev: this.#server.held, people: this.people.all() }),
			rooms: () => this.rooms.all()
		});
		this.drafts = new Drafts(me.id, messages.keepDraft);
		this.typing = new TypingPeople((roomId) => this.connection.send({ type: 'typing', roomId }));
		this.activity = new Activity(me.id, (active) => this.connection.send({ type: 'active', active }));
		const roomEnds: RoomEnds = {
			me: me.id,
			changed: (change) => this.#roomChanged(change),
			purged: (roomId, firstSeq) => this.saved.purge(roomId, firstSeq),
			loaded: (page) => {
				this.#keeper.changed();
				for (const message of page.messages) this.outbox.arrived(message);
				this.#settleOutbox(page.roomId);
			},
			unheld: (roomId) => this.#settleOutbox(roomId)
		};
		this.rooms = new Rooms(roomEnds, (roomId) => this.#came(roomId));
		this.reading = new Reading(
			(id) => this.rooms.get(id),
			(frame) => this.connection.send(frame)
		);
		this.#person = new Stream<PersonStreamChange>(0, {
			after: async (rev) => (await accounts.personChanges(rev)) as Range<PersonStreamChange>,
			apply: (change) => this.#personChanged(change),
			retryAfter
		});
		this.#server = new Stream<PersonChange | SettingsChange>(0, {
			after: async (rev) => (await accounts.peopleChanges(rev)) as Range<PersonChange | SettingsChange>,
			apply: (change) => {
				if (change.type === 'person') this.takePerson(change.person);
				else this.takeSettings(change.settings);
			},
			retryAfter
		});
	}

	/** The person whose chat this is. */
	get me() {
		return this.#me;
	}

	/** Null until the first welcome. */
	get settings() {
		return this.#settings;
	}

	/** Null until the first welcome. */
	get limits() {
		return this.#limits;
	}

	/** Whether there is anything to show yet. */
	get welcomed() {
		return this.#settings !== null;
	}

	/** Shows what this device kept, and connects. */
	async start() {
		await Promise.race([
			this.#restore(),
			new Promise((resolve) => setTimeout(resolve, RESTORED_WITHIN_MS))
		]);
		if (this.#stopped) return;
		this.#started = true;
		this.connection.connect();
		this.activity.start();
		void this.outbox.restore();
	}

	/** The machine woke up, a network came, or somebody looks again. */
	wake() {
		if (this.#started) this.connection.wake();
	}

	/** The page may be gone in a moment: what is held is kept, and what was read is said. */
	rest() {
		this.#keeper.flush();
		this.reading.flush();
	}

	/** Ends it; what is unsent stays on this device for the next time. */
	stop() {
		this.#stopped = true;
		this.#keeper.close();
		this.connection.close();
		this.outbox.close();
		this.drafts.close();
		this.reading.close();
		this.activity.close();
		this.typing.clear();
		this.#person.close();
		this.#server.close();
		this.rooms.clear();
	}

	takePerson(person: Person) {
		this.people.take(person);
		if (person.id === this.#me.id && person.rev > this.#me.rev) this.#me = person;
	}

	takeSettings(settings: ServerSettings) {
		if (!this.#settings || this.#settings.rev < settings.rev) this.#settings = settings;
	}

	async #restore() {
		const kept = await this.#keeper.load(version);
		if (!kept || this.welcomed || this.#stopped) return;
		const { state, people, rooms } = kept;
		this.#epoch = state.epoch;
		this.#limits = state.limits;
		this.people.takeAll(people.people, true);
		this.takePerson(state.me);
		this.rooms.restore(rooms);
		this.saved.replace(state.saved);
		this.#person.rebase(state.personRev);
		this.#server.rebase(people.serverRev);
		this.#settings = state.settings;
	}

	#kept(): KeptState | null {
		if (this.#epoch === undefined || !this.#settings || !this.#limits) return null;
		return {
			version,
			epoch: this.#epoch,
			me: this.#me,
			settings: this.#settings,
			limits: this.#limits,
			personRev: this.#person.held,
			saved: this.saved.all()
		};
	}

	#hello(): Hello {
		if (this.#epoch === undefined) return { type: 'hello' };
		return {
			type: 'hello',
			epoch: this.#epoch,
			person: this.#person.held,
			server: this.#server.held,
			rooms: this.rooms.held()
		};
	}

	#receive(frame: Incoming) {
		if (!EPHEMERAL.has(frame.type)) this.#keeper.changed();
		switch (frame.type) {
			case 'welcome':
				return this.#welcome(frame);
			case 'message':
				return this.#message(frame);
			case 'room':
			case 'member':
				return this.rooms.get(frame.roomId)?.receive(frame);
			case 'changes':
				return this.rooms.get(frame.roomId)?.splice(frame);
			case 'behind':
				return this.rooms.get(frame.roomId)?.behind(frame.head, this.view.anchorIn(frame.roomId));
			case 'place':
			case 'saved':
			case 'draft':
				return this.#person.receive(frame);
			case 'person':
			case 'settings':
				return this.#server.receive(frame);
			case 'ack':
				this.outbox.stored(frame);
				this.rooms.get(frame.roomId)?.pace.spoke(frame.createdAt);
				return this.#settleOutbox(frame.roomId);
			case 'refused':
				if (frame.of === 'post') this.outbox.refused(frame);
				if (frame.code === 'slow_mode' && frame.roomId !== undefined)
					this.rooms.get(frame.roomId)?.pace.refused(frame.retryAfterMs ?? 0);
				if (frame.of === 'read' && frame.roomId !== undefined)
					this.reading.refused(frame.roomId, frame.retry);
				return;
			case 'typing':
				if (frame.userId !== this.#me.id) this.typing.heard(frame.roomId, frame.userId);
				return;
			case 'online':
				return this.presence.replace(frame);
			case 'presence':
				return this.presence.take(frame);
			case 'ping':
				if (frame.heads.person !== undefined) this.#person.reach(frame.heads.person);
				if (frame.heads.server !== undefined) this.#server.reach(frame.heads.server);
				for (const [id, head] of Object.entries(frame.heads.rooms ?? {}))
					this.rooms.get(Number(id))?.reach(head);
				return;
		}
	}

	#message(change: MessageChange) {
		const room = this.rooms.get(change.roomId);
		if (!room) return;
		// Whatever becomes of an older one later: edits, reactions, pins.
		const isNew = change.message.seq > room.unread.lastSeq;
		room.receive(change);
		if (isNew) this.#ends.heard(room, change.message);
	}

	#welcome(welcome: Welcome) {
		const known = goesOn(this.#greeted, welcome);
		const heard = new Map(this.rooms.all().map(({ id, unread }) => [id, unread.lastSeq]));
		if (!known) {
			this.rooms.clear();
			if (welcome.peopleComplete) this.people.clear();
			this.#keeper.forget();
		}
		this.#epoch = welcome.epoch;
		this.#limits = welcome.limits;
		this.people.takeAll(welcome.people, welcome.peopleComplete);
		this.#me = welcome.me;
		this.#settings = welcome.settings;
		const replayed = new Set(Object.keys((known && this.#greeted.rooms) || {}).map(Number));
		this.rooms.welcome(welcome.rooms, replayed, welcome.personHead);
		this.#person.rebase(welcome.personHead);
		this.#server.rebase(welcome.serverHead);
		this.saved.replace(welcome.saved);
		this.drafts.welcome(welcome, known);
		this.reading.flush();
		this.activity.greeted();
		this.outbox.resume();
		// Also of rooms that are gone.
		for (const roomId of heard.keys()) this.#settleOutbox(roomId);
		// Whoever has just opened the page sees what is unread.
		if (known && this.#connected) this.#ends.missed(heard);
		this.#connected = true;
	}

	#lost() {
		this.outbox.interrupt();
		this.reading.interrupt();
		this.typing.clear();
	}

	#personChanged(change: PersonStreamChange) {
		switch (change.type) {
			case 'place':
				this.#placed(change.place);
				return this.reading.moved(change.place.roomId);
			case 'saved':
				return this.saved.take(change.saved);
			case 'draft':
				return this.drafts.take(change.draft);
		}
	}

	#placed(place: Place) {
		const { roomId } = place;
		if (this.rooms.take(place)) return void this.drafts.resume(roomId, false);
		this.saved.purge(roomId, Infinity);
		this.#settleOutbox(roomId);
	}

	#came(roomId: number) {
		this.drafts.resume(roomId);
		void recollect(this, roomId);
	}

	#roomChanged(change: RoomStreamChange) {
		if (change.type === 'room') this.#settleOutbox(change.room.id);
		if (change.type !== 'message') return;
		const { message } = change;
		this.outbox.arrived(message);
		if (message.kind === 'text') this.typing.stopped(message.roomId, message.authorId);
		this.#settleOutbox(message.roomId);
		this.#ends.changed(message);
	}

	// A stored message keeps its row until the room's end, which is in view, shows it in its place.
	#settleOutbox(roomId: number) {
		const timeline = this.rooms.get(roomId)?.timeline;
		this.outbox.settle(
			roomId,
			(seq) =>
				!timeline ||
				// A page that is on its way may have been read before it.
				(!timeline.opened && timeline.loading === null) ||
				timeline.hasAfter ||
				seq <= timeline.lastSeq
		);
	}
}

async function signedIn(): Promise<boolean | null> {
	try {
		await accounts.session();
		return true;
	} catch (failure) {
		return failure instanceof RefusalError && failure.status === 401 ? false : null;
	}
}

export const [getChat, setChat] = createContext<Chat>();
