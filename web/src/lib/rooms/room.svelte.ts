import type { KeptRoom } from '$lib/cache/store';
import * as messages from '$lib/http/messages';
import * as http from '$lib/http/rooms';
import { retryAfter } from '$lib/http/request';
import { Timeline } from '$lib/messages/timeline.svelte';
import { Parents } from '$lib/messages/parents.svelte';
import type {
	Message,
	MessagePage,
	Place,
	Room,
	RoomChanges,
	RoomLevel,
	RoomStreamChange
} from '$lib/protocol';
import { Stream, type Range } from '$lib/socket/stream';
import { Members } from './members.svelte';
import { Pace } from './pace.svelte';
import { Unread } from './unread.svelte';

export interface RoomEnds {
	/** The person whose place it is. */
	me: number;
	/** After each change of the room's stream. */
	changed: (change: RoomStreamChange) => void;
	/** It keeps nothing below a `seq` any more. */
	purged: (roomId: number, firstSeq: number) => void;
	/** After each page of its messages. */
	loaded: (page: MessagePage) => void;
	/** After a page of its messages that did not come, and after what was held was let go. */
	unheld: (roomId: number) => void;
}

/** Messages of a room that are kept on this device. */
const MOST_KEPT = 100;

/** A room that the person is in: its row, what is unread, and as much of its messages as is held. */
export class JoinedRoom {
	readonly id: number;
	#ends: RoomEnds;
	#row: Room = $state.raw()!;
	#timeline: Timeline | undefined = $state.raw();
	#members: Members | undefined = $state.raw();
	#membersCome: Promise<void> = Promise.resolve();
	#stream: Stream<RoomStreamChange>;
	#asking = false;
	#closed = false;
	#level: RoomLevel = $state('mentions');
	#moderator = $state(false);
	#placeRev = 0;
	#pinsRev = $state(0);
	#lookedAt = 0;
	readonly unread: Unread;
	readonly pace = new Pace();
	/** Messages that replies answer, wherever they stand. */
	readonly parents: Parents;

	constructor(place: Place, ends: RoomEnds) {
		this.id = place.roomId;
		this.#ends = ends;
		this.#row = place.room!;
		this.unread = new Unread(place, ends.me);
		this.parents = new Parents((seq) => messages.one(this.id, seq));
		this.#takeOwn(place);
		this.#stream = new Stream<RoomStreamChange>(place.head, {
			after: (rev) => this.#after(rev),
			apply: (change) => this.#apply(change),
			retryAfter
		});
	}

	get row() {
		return this.#row;
	}

	/** Everything up to this revision has been applied to what is held. */
	get held() {
		return this.#stream.held;
	}

	/** How loud the room is for the person. */
	get level() {
		return this.#level;
	}

	/** Whether the person was made a moderator of it. */
	get moderator() {
		return this.#moderator;
	}

	/** Another number whenever the pinned messages may be others. */
	get pinsRev() {
		return this.#pinsRev;
	}

	/** A message that another one answers, in its present form; undefined while it is not known. */
	parent(seq: number): Message | undefined {
		return this.#timeline?.holds(seq) ? this.#timeline.at(seq) : this.parents.get(seq);
	}

	/** The messages, once the room has been looked at. */
	get timeline() {
		return this.#timeline;
	}

	get members() {
		return this.#members;
	}

	/** The room is looked at: its messages are wanted. */
	look(): Timeline {
		this.#lookedAt = Date.now();
		this.#timeline ??= new Timeline(
			(cursor) => this.#page(cursor),
			() => this.#row.firstSeq,
			(page) => (page ? this.#ends.loaded(page) : this.#ends.unheld(this.id))
		);
		return this.#timeline;
	}

	/** What was kept on this device, true at the revision at which this room begins. */
	restore({ messages: kept, hasBefore, at }: KeptRoom) {
		this.#lookedAt = at;
		if (kept) this.look().restore(kept, hasBefore ?? false);
	}

	/** What is to be kept on this device; null while it is not all of one moment. */
	kept(): KeptRoom | null {
		const counted = this.unread.countedAt(this.held);
		if (counted.head !== this.held || !this.unread.known) return null;
		const place: Place = {
			roomId: this.id,
			joined: true,
			...counted,
			room: this.#row,
			level: this.#level,
			...(this.#moderator ? { moderator: true } : {})
		};
		const newest = this.#timeline?.newest(MOST_KEPT);
		return { place, at: this.#lookedAt, ...newest };
	}

	/** Who is in it is wanted; settles once that is known, or cannot be. */
	loadMembers(): Promise<void> {
		if (!this.#members) {
			// Hears changes from before it is asked for, and so is right whenever the list was read.
			this.#members = new Members();
			this.#membersCome = this.#fill(this.#members);
		}
		return this.#membersCome;
	}

	/** The person's own place, as heard on their stream or in an answer. */
	takePlace(place: Place) {
		if (place.room) this.#takeRow(place.room);
		this.#takeOwn(place);
		if (!this.unread.settle(place)) this.#askAgain();
	}

	/**
	 * A new connection's starting state.
	 * @param replayed whether the server was told what is held of this room, and sends what is missing
	 */
	welcome(place: Place, replayed: boolean) {
		if (place.room) this.#takeRow(place.room);
		this.#takeOwn(place);
		// Without messages there is nothing to bring up to date but the row and the count, and those are here.
		if (!replayed || place.head < this.held) this.#startOver(place.head);
		else this.#stream.expectReplay(place.head);
		if (!this.unread.settle(place, true)) this.#askAgain();
	}

	receive(change: RoomStreamChange) {
		this.#stream.receive(change);
	}

	/** The room has come this far, says the server's beat; whatever it meant to send has been sent. */
	reach(head: number) {
		this.#stream.replayed();
		this.#stream.reach(head);
	}

	splice(changes: RoomChanges) {
		this.#stream.splice(this.#rangeOf(changes));
	}

	/**
	 * Too much was missed to be replayed.
	 * @param lookedAt the message in view, or null when nobody looks: then the messages are loaded when somebody does
	 */
	behind(head: number, lookedAt: number | undefined | null) {
		this.#stream.rebase(head);
		this.#members = undefined;
		if (lookedAt === null) this.forget();
		else void this.#reopen(lookedAt);
	}

	/** Nobody looks any more. */
	rest() {
		this.#timeline?.rest();
	}

	/** Lets the messages go; they are loaded when somebody looks again. */
	forget() {
		this.#timeline = undefined;
		this.#members = undefined;
		this.parents.clear();
		this.#ends.unheld(this.id);
	}

	close() {
		this.#closed = true;
		this.#stream.close();
	}

	async #fill(members: Members) {
		try {
			for (const member of (await http.members(this.id)).members) members.take(member);
		} catch (failure) {
			if (this.#members === members) this.#members = undefined;
			throw failure;
		}
	}

	#startOver(head: number) {
		this.#stream.rebase(head);
		this.forget();
	}

	async #reopen(around: number | undefined) {
		const timeline = this.#timeline;
		timeline?.miss();
		// What is left has a hole that no later change fills: whoever looks must begin anew.
		if (!timeline || (await timeline.open(around)) || timeline !== this.#timeline) return;
		this.#timeline = undefined;
		this.#ends.unheld(this.id);
	}

	#takeRow(row: Room) {
		if (this.#row && row.rev < this.#row.rev) return;
		// What was pinned below may be gone.
		if (this.#row && row.firstSeq > this.#row.firstSeq) {
			this.#pinsRev = row.rev;
			this.#ends.purged(this.id, row.firstSeq);
		}
		this.#row = row;
		this.#timeline?.purge(row.firstSeq);
		this.parents.purge(row.firstSeq);
	}

	#takeOwn(place: Place) {
		if (place.rev < this.#placeRev) return;
		this.#placeRev = place.rev;
		this.#level = place.level;
		this.#moderator = place.moderator ?? false;
	}

	#apply(change: RoomStreamChange) {
		switch (change.type) {
			case 'message': {
				const before = this.#timeline?.find(change.message.seq);
				this.#pacedBy(change.message);
				if (!this.unread.hear(change, before)) this.#askAgain();
				this.#timeline?.take(change.message);
				this.parents.take(change.message);
				// A new message is not pinned; of an old one that is not held, it may have been.
				if (
					change.message.pinnedAt ||
					before?.pinnedAt ||
					(!before && change.message.seq < this.unread.lastSeq)
				)
					this.#pinsRev = change.rev;
				break;
			}
			case 'room':
				this.#takeRow(change.room);
				if (!this.unread.purge(change.rev, change.room.firstSeq)) this.#askAgain();
				break;
			case 'member':
				this.#members?.take(change.member);
				break;
		}
		this.#ends.changed(change);
	}

	async #page(cursor: http.Cursor) {
		const page = await http.page(this.id, cursor);
		if (!this.unread.settle(page.read)) this.#askAgain();
		this.parents.takeAll(page.parents ?? []);
		for (const message of page.messages) this.#pacedBy(message);
		return page;
	}

	async #after(rev: number): Promise<Range<RoomStreamChange>> {
		if (this.#timeline || this.#members) return this.#changesAfter(rev);
		// Nothing is held but the row and the count: the present ones will do.
		const place = await http.place(this.id);
		if (this.#timeline || this.#members) return this.#changesAfter(rev);
		if (place.room) this.#takeRow(place.room);
		if (!this.unread.settle(place, true)) this.#askAgain();
		return { changes: [], complete: place.head, head: place.head };
	}

	async #changesAfter(rev: number) {
		return this.#rangeOf(await http.changes(this.id, rev));
	}

	#rangeOf({ changes, complete, head, read }: RoomChanges): Range<RoomStreamChange> {
		// Counted by the server before they are applied, so that none is counted again.
		if (!this.unread.settle(read, true)) this.#askAgain();
		return { changes: changes as readonly RoomStreamChange[], complete, head };
	}

	#pacedBy({ authorId, kind, createdAt }: Message) {
		if (authorId === this.#ends.me && kind === 'text') this.pace.spoke(createdAt);
	}

	#askAgain() {
		if (this.#asking) return;
		this.#asking = true;
		this.#ask();
	}

	#ask() {
		http.place(this.id).then(
			(place) => {
				this.#asking = false;
				if (place.joined) this.takePlace(place);
			},
			(failure: unknown) => {
				const wait = this.#closed ? null : retryAfter(failure);
				if (wait === null) this.#asking = false;
				else setTimeout(() => this.#ask(), wait);
			}
		);
	}
}
