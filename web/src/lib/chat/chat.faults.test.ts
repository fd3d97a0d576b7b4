import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { Cache, type Changed } from '$lib/cache/store';
import { Timeline } from '$lib/messages/timeline.svelte';
import { Outbox } from '$lib/outbox/outbox.svelte';
import type { OutboxStore } from '$lib/outbox/store';
import type { Message, Post } from '$lib/protocol';
import { Rooms } from '$lib/rooms/rooms.svelte';
import { Unread } from '$lib/rooms/unread.svelte';
import { Stream, type StreamEnds } from '$lib/socket/stream';
import { playMany } from '$lib/testing/model/model';

/** The fault that is switched on, of those that have to be built in where an object is made. */
const fault = vi.hoisted(() => ({ on: '' }));

vi.mock('$lib/socket/stream', async (load) => {
	const real = await load<{ Stream: typeof Stream }>();
	return {
		...real,
		Stream: class extends real.Stream<{ rev: number }> {
			#ends: StreamEnds<{ rev: number }>;
			#heard: { rev: number } | undefined;

			constructor(held: number, ends: StreamEnds<{ rev: number }>) {
				const after = (rev: number) =>
					ends.after(fault.on === 'a gap begins one too late' ? rev + 1 : rev);
				super(held, { ...ends, after });
				this.#ends = ends;
			}

			override receive(change: { rev: number }) {
				if (fault.on === 'what was heard is applied again') {
					// Late: at once after itself each taker knows it by its revision.
					const before = this.#heard;
					this.#heard = change;
					super.receive(change);
					if (before) this.#ends.apply(before);
				} else if (fault.on === 'gaps are not filled' && change.rev > this.held + 1)
					this.splice({ changes: [change], complete: change.rev, head: change.rev });
				else super.receive(change);
			}

			override rebase(rev: number) {
				super.rebase(fault.on === 'a new start is one too far' ? rev + 1 : rev);
			}
		}
	};
});

vi.mock('$lib/outbox/outbox.svelte', async (load) => {
	const real = await load<{ Outbox: typeof Outbox }>();
	return {
		...real,
		Outbox: class extends real.Outbox {
			constructor(
				me: number,
				store: Promise<OutboxStore>,
				send: (post: Post) => boolean,
				stored?: (roomId: number) => void
			) {
				const early = (post: Post) => {
					const sent = send(post);
					// Long before there is an acknowledgement.
					if (sent && fault.on === 'a message is let go once it is sent')
						this.stored({ cid: post.cid!, seq: 0 });
					return sent;
				};
				super(me, store, early, stored);
			}

			override interrupt() {
				if (fault.on !== 'an interruption is not noticed') super.interrupt();
			}
		}
	};
});

/** Has a real method do something else. */
function patch<T extends object, K extends keyof T & string>(of: T, name: K, other: (real: T[K]) => T[K]) {
	const real = of[name];
	of[name] = other(real);
	undo.push(() => void (of[name] = real));
}

const undo: (() => void)[] = [];
afterEach(() => {
	fault.on = '';
	for (const back of undo.splice(0)) back();
});

const FAULTS: Record<string, () => void> = {
	'what was heard is applied again': () => {},
	'a gap begins one too late': () => {},
	'gaps are not filled': () => {},
	'a new start is one too far': () => {},
	'a message is let go once it is sent': () => {},
	'an interruption is not noticed': () => {},
	'a tombstone is counted as unread': () =>
		patch(
			Unread.prototype,
			'hear',
			(real) =>
				function (this: Unread, change, before) {
					return change.message.deletedAt ? true : real.call(this, change, before);
				}
		),
	'an edit is not taken': () =>
		patch(
			Timeline.prototype,
			'take',
			(real) =>
				function (this: Timeline, message: Message) {
					if (!message.editedAt) real.call(this, message);
				}
		),
	'rooms that are gone stay': () =>
		patch(
			Rooms.prototype,
			'take',
			(real) =>
				function (this: Rooms, place) {
					return place.joined ? real.call(this, place) : undefined;
				}
		),
	'what is kept of a room is newer than its messages': () =>
		patch(
			Cache.prototype,
			'keep',
			(real) =>
				function (this: Cache, changed: Changed) {
					const rooms = changed.rooms.map((room) => ({
						...room,
						messages: room.messages?.slice(0, -1)
					}));
					return real.call(this, { ...changed, rooms });
				}
		)
};

test.each(Object.keys(FAULTS))(
	'the model test finds it when %s',
	async (name) => {
		fault.on = name;
		FAULTS[name]!();
		await expect(playMany(300, 1, { shrunk: false })).rejects.toThrow('The acts');
	},
	120_000
);

test('and finds nothing where there is nothing', async () => {
	expect(await playMany(5, 1)).toBe(5);
}, 30_000);
