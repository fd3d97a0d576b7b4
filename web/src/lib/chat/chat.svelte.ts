import { createContext } from 'svelte';
import * as accounts from '$lib/http/accounts';
import { retryAfter, RefusalError } from '$lib/http/request';
import { Outbox } from '$lib/outbox/outbox.svelte';
import { openStore } from '$lib/outbox/store';
import { People } from '$lib/people/people.svelte';
import { Presence } from '$lib/people/presence.svelte';
import { TypingPeople } from '$lib/people/typing.svelte';
import type {
	Hello,
	Incoming,
	Limits,
	Person,
	PersonChange,
	PlaceChange,
	RoomStreamChange,
	ServerSettings,
	SettingsChange,
	Welcome
} from '$lib/protocol';
import { Reading } from '$lib/rooms/reading';
import { Rooms } from '$lib/rooms/rooms.svelte';
import { Connection, type Stopped } from '$lib/socket/connection.svelte';
import { Stream, type Range } from '$lib/socket/stream';
import { View } from './view.svelte';

export interface ChatEnds {
	dial: () => WebSocket;
	stopped: (why: Stopped) => void;
}

/** Everything that one signed-in person holds, kept right by one connection. */
export class Chat {
	readonly people = new People();
	readonly presence = new Presence();
	readonly rooms: Rooms;
	readonly outbox: Outbox;
	readonly typing: TypingPeople;
	readonly reading: Reading;
	readonly connection: Connection;
	readonly view = new View();
	#me: Person = $state.raw()!;
	#settings: ServerSettings | null = $state.raw(null);
	#limits: Limits | null = $state.raw(null);
	#epoch: string | undefined;
	#greeted: ReadonlySet<number> = new Set();
	#person: Stream<PlaceChange>;
	#server: Stream<PersonChange | SettingsChange>;

	constructor(me: Person, ends: ChatEnds) {
		this.#me = me;
		this.people.take(me);
		this.connection = new Connection({
			dial: ends.dial,
			stopped: ends.stopped,
			hello: () => this.#hello(),
			receive: (frame) => this.#receive(frame),
			lost: () => this.#lost(),
			signedIn
		});
		this.outbox = new Outbox(me.id, openStore(), (post) => this.connection.send(post));
		this.typing = new TypingPeople((roomId) => this.connection.send({ type: 'typing', roomId }));
		this.rooms = new Rooms({
			me: me.id,
			changed: (change) => this.#roomChanged(change),
			loaded: (page) => {
				for (const message of page.messages) this.outbox.arrived(message);
				this.#settleOutbox(page.roomId);
			}
		});
		this.reading = new Reading(
			(id) => this.rooms.get(id),
			(frame) => this.connection.send(frame)
		);
		this.#person = new Stream<PlaceChange>(0, {
			after: async (rev) => (await accounts.personChanges(rev)) as Range<PlaceChange>,
			apply: ({ place }) => {
				this.rooms.take(place);
				this.reading.moved(place.roomId);
			},
			retryAfter
		});
		this.#server = new Stream<PersonChange | SettingsChange>(0, {
			after: async (rev) => (await accounts.peopleChanges(rev)) as Range<PersonChange | SettingsChange>,
			apply: (change) => {
				if (change.type === 'person') this.takePerson(change.person);
				else this.#settings = change.settings;
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

	start() {
		this.connection.connect();
		void this.outbox.restore();
	}

	/** Ends it; what is unsent stays on this device for the next time. */
	stop() {
		this.connection.close();
		this.outbox.close();
		this.reading.close();
		this.typing.clear();
		this.#person.close();
		this.#server.close();
		this.rooms.clear();
	}

	takePerson(person: Person) {
		this.people.take(person);
		if (person.id === this.#me.id && person.rev > this.#me.rev) this.#me = person;
	}

	#hello(): Hello {
		if (this.#epoch === undefined) return { type: 'hello' };
		const rooms = this.rooms.held();
		this.#greeted = new Set(Object.keys(rooms).map(Number));
		return {
			type: 'hello',
			epoch: this.#epoch,
			person: this.#person.held,
			server: this.#server.held,
			rooms
		};
	}

	#receive(frame: Incoming) {
		switch (frame.type) {
			case 'welcome':
				return this.#welcome(frame);
			case 'message':
			case 'room':
			case 'member':
				return this.rooms.get(frame.roomId)?.receive(frame);
			case 'changes':
				return this.rooms.get(frame.roomId)?.splice(frame);
			case 'behind':
				return this.rooms.get(frame.roomId)?.behind(frame.head, this.view.anchorIn(frame.roomId));
			case 'place':
				return this.#person.receive(frame);
			case 'person':
			case 'settings':
				return this.#server.receive(frame);
			case 'ack':
				this.outbox.stored(frame);
				return this.#settleOutbox(frame.roomId);
			case 'refused':
				if (frame.of === 'post') this.outbox.refused(frame);
				if (frame.of === 'read' && frame.roomId !== undefined)
					this.reading.refused(frame.roomId, frame.retry);
				return;
			case 'typing':
				if (frame.userId !== this.#me.id) this.typing.heard(frame.roomId, frame.userId);
				return;
			case 'online':
				return this.presence.replace(frame.ids);
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

	#welcome(welcome: Welcome) {
		const known = welcome.epoch === this.#epoch;
		if (!known) {
			this.rooms.clear();
			this.people.clear();
		}
		this.#epoch = welcome.epoch;
		this.#limits = welcome.limits;
		this.people.takeAll(welcome.people, welcome.peopleComplete);
		this.#me = welcome.me;
		this.#settings = welcome.settings;
		this.rooms.welcome(welcome.rooms, known ? this.#greeted : new Set());
		this.#person.rebase(welcome.personHead);
		this.#server.rebase(welcome.serverHead);
		this.reading.flush();
		this.outbox.resume();
	}

	#lost() {
		this.outbox.interrupt();
		this.reading.interrupt();
		this.typing.clear();
	}

	#roomChanged(change: RoomStreamChange) {
		if (change.type !== 'message') return;
		const { message } = change;
		this.outbox.arrived(message);
		if (message.kind === 'text') this.typing.stopped(message.roomId, message.authorId);
		this.#settleOutbox(message.roomId);
	}

	// A stored message keeps its row until the room's end, which is in view, shows it in its place.
	#settleOutbox(roomId: number) {
		const timeline = this.rooms.get(roomId)?.timeline;
		this.outbox.settle(
			roomId,
			(seq) => !timeline?.opened || timeline.hasAfter || seq <= timeline.lastSeq
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
