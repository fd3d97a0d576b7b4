import * as http from '$lib/http/rooms';
import { retryAfter } from '$lib/http/request';
import { Timeline } from '$lib/messages/timeline.svelte';
import type { MessagePage, Place, Room, RoomChanges, RoomStreamChange } from '$lib/protocol';
import { Stream, type Range } from '$lib/socket/stream';
import { Members } from './members.svelte';
import { Unread } from './unread.svelte';

export interface RoomEnds {
	/** The person whose place it is. */
	me: number;
	/** After each change of the room's stream. */
	changed: (change: RoomStreamChange) => void;
	/** After each page of its messages. */
	loaded: (page: MessagePage) => void;
}

/** A room that the person is in: its row, what is unread, and as much of its messages as is held. */
export class JoinedRoom {
	readonly id: number;
	#ends: RoomEnds;
	#row: Room = $state.raw()!;
	#timeline: Timeline | undefined = $state.raw();
	#members: Members | undefined = $state.raw();
	#stream: Stream<RoomStreamChange>;
	#asking = false;
	readonly unread: Unread;

	constructor(place: Place, ends: RoomEnds) {
		this.id = place.roomId;
		this.#ends = ends;
		this.#row = place.room!;
		this.unread = new Unread(place, ends.me);
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

	/** The messages, once the room has been looked at. */
	get timeline() {
		return this.#timeline;
	}

	get members() {
		return this.#members;
	}

	/** The room is looked at: its messages are wanted. */
	look(): Timeline {
		this.#timeline ??= new Timeline(
			(cursor) => this.#page(cursor),
			() => this.#row.firstSeq
		);
		return this.#timeline;
	}

	/** Who is in it is wanted. */
	async loadMembers(): Promise<void> {
		if (this.#members) return;
		// Hears changes from before it is asked for, and so is right whenever the list was read.
		const members = (this.#members = new Members());
		try {
			for (const member of (await http.members(this.id)).members) members.take(member);
		} catch (failure) {
			if (this.#members === members) this.#members = undefined;
			throw failure;
		}
	}

	/** The person's own place, as heard on their stream or in an answer. */
	takePlace(place: Place) {
		if (place.room) this.#takeRow(place.room);
		if (!this.unread.settle(place)) this.#askAgain();
	}

	/**
	 * A new connection's starting state.
	 * @param replayed whether the server was told what is held of this room, and sends what is missing
	 */
	welcome(place: Place, replayed: boolean) {
		if (place.room) this.#takeRow(place.room);
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
	}

	close() {
		this.#stream.close();
	}

	#startOver(head: number) {
		this.#stream.rebase(head);
		this.forget();
	}

	async #reopen(around: number | undefined) {
		const timeline = this.#timeline;
		// What is left has a hole that no later change fills: whoever looks must begin anew.
		if (timeline && !(await timeline.open(around)) && timeline === this.#timeline)
			this.#timeline = undefined;
	}

	#takeRow(row: Room) {
		if (this.#row && row.rev < this.#row.rev) return;
		this.#row = row;
		this.#timeline?.purge(row.firstSeq);
	}

	#apply(change: RoomStreamChange) {
		switch (change.type) {
			case 'message':
				if (!this.unread.hear(change)) this.#askAgain();
				this.#timeline?.take(change.message);
				break;
			case 'room':
				this.#takeRow(change.room);
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
		this.#ends.loaded(page);
		return page;
	}

	async #after(rev: number): Promise<Range<RoomStreamChange>> {
		if (this.#timeline) return this.#changesAfter(rev);
		// Nothing is held but the row and the count: the present ones will do.
		const place = await http.place(this.id);
		if (this.#timeline) return this.#changesAfter(rev);
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

	#askAgain() {
		if (this.#asking) return;
		this.#asking = true;
		http.place(this.id).then(
			(place) => {
				this.#asking = false;
				this.takePlace(place);
			},
			// The next count comes with the next connection.
			() => (this.#asking = false)
		);
	}
}
