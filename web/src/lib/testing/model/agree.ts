import type { Page } from './page';
import type { Run } from './run';
import { isIn, kept, readState, type RoomState } from './world';

/** What is wrong, in one sentence; the first that is found. */
export class Disagreement extends Error {}

function same(what: string, held: unknown, right: unknown) {
	const [a, b] = [JSON.stringify(sorted(held)), JSON.stringify(sorted(right))];
	if (a !== b) throw new Disagreement(`${what}\n      is        ${a}\n      should be ${b}`);
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (value === null || typeof value !== 'object') return value;
	const entries = Object.entries(value).filter(([, one]) => one !== undefined);
	return Object.fromEntries(
		entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)])
	);
}

/** True at every moment: nothing shown twice or out of order, and what the person sent is there at once and stays there. */
export function looksRight(run: Run) {
	for (const page of run.pages)
		for (const { row } of run.server.world.rooms) {
			const rows = page.rows(row.id);
			if (!rows) continue;
			const keys = rows.map(({ key }) => key);
			const twice = keys.find((key, index) => keys.indexOf(key) !== index);
			if (twice) throw new Disagreement(`${page.tab.name} shows ${twice} twice in room ${row.id}`);
			const { messages, hasAfter } = page.chat.rooms.get(row.id)!.timeline!;
			const hole = messages.find(({ seq }, index) => seq !== messages[0]!.seq + index);
			if (hole)
				throw new Disagreement(`${page.tab.name} has a hole below ${hole.seq} in room ${row.id}`);
			if (hasAfter) continue;
			for (const { text, roomId, page: from, dropped } of run.sent) {
				if (roomId !== row.id || from !== page || dropped) continue;
				const stored = Object.values(run.server.world.cids).find(({ body }) => body === text);
				if (run.server.undone.has(text)) continue;
				// What was said long ago, or is no longer kept, is further up.
				if (stored && stored.seq < (messages[0]?.seq ?? Infinity)) continue;
				const shown = rows.some(({ message, unsent }) =>
					message ? stored?.seq === message.seq || message.body === text : unsent!.body === text
				);
				if (!shown)
					throw new Disagreement(`${page.tab.name} does not show "${text}" in room ${row.id}`);
			}
		}
}

/** True once all is quiet: every page holds what the server has, and everything that was sent was stored once. */
export function agrees(run: Run) {
	looksRight(run);
	for (const page of run.pages) pageAgrees(page, run);
	sentOnce(run);
	draftsAgree(run);
}

function pageAgrees(page: Page, run: Run) {
	const { chat, tab } = page;
	const { world } = run.server;
	same(`${tab.name}: the connection`, chat.connection.status, 'open');
	const joined = world.rooms.filter((room) => isIn(room));
	same(
		`${tab.name}: the rooms`,
		chat.rooms
			.all()
			.map(({ id }) => id)
			.sort(),
		joined.map(({ row }) => row.id)
	);
	same(
		`${tab.name}: people`,
		chat.people.all().sort((a, b) => a.id - b.id),
		world.people
	);
	same(`${tab.name}: oneself`, chat.me, world.people[0]);
	same(
		`${tab.name}: what is kept for later`,
		chat.saved
			.all()
			.map(({ roomId, seq }) => `${roomId}:${seq}`)
			.sort(),
		world.saved
			.filter(({ saved, roomId }) => saved && isIn(run.server.room(roomId)))
			.map(({ roomId, seq }) => `${roomId}:${seq}`)
			.sort()
	);
	for (const room of joined) roomAgrees(page, room);
}

function roomAgrees({ chat, tab, inbox }: Page, right: RoomState) {
	const room = chat.rooms.get(right.row.id)!;
	const name = `${tab.name}, room ${room.id}:`;
	const state = readState(right);
	same(`${name} its row`, room.row, right.row);
	same(`${name} its level`, room.level, right.level);
	same(`${name} the mark`, room.unread.mark, right.mark);
	same(`${name} what is unread`, room.unread.count, state.unread);
	same(`${name} what is unread and means the person`, room.unread.mentions, state.mentions);
	same(`${name} its newest message`, room.unread.lastSeq, right.messages.length);
	same(`${name} its head`, room.held, right.head);
	const { timeline, members } = room;
	if (timeline?.opened) {
		const all = kept(right);
		const first = timeline.firstSeq || right.row.firstSeq;
		const last = timeline.lastSeq;
		const held = all.filter(({ seq }) => seq >= first && seq <= last);
		same(`${name} its messages`, timeline.messages, held);
		same(
			`${name} whether there are older ones`,
			timeline.hasBefore,
			all.some(({ seq }) => seq < first)
		);
		same(
			`${name} whether there are newer ones`,
			timeline.hasAfter,
			all.some(({ seq }) => seq > last)
		);
	}
	if (chat.view.roomId === room.id) same(`${name} whether it is shown`, timeline?.opened, true);
	if (members) {
		const there = right.members.filter(({ joined }) => joined).map(({ userId }) => userId);
		same(`${name} who is in it`, members.ids().sort(), there.sort());
	}
	for (const message of inbox.messagesOf('mentions').filter(({ roomId }) => roomId === room.id))
		same(`${name} a mention`, message, right.messages[message.seq - 1]);
}

function sentOnce(run: Run) {
	const stored = Object.values(run.server.world.cids);
	for (const { text, roomId, dropped } of run.sent) {
		const times = stored.filter(({ body }) => body === text).length;
		const left = run.pages.map((page) => page.chat.outbox.in(roomId).find(({ body }) => body === text));
		if (run.pages.some((page) => page.chat.outbox.in(roomId).length > 0 && page.chat.outbox.waiting > 0))
			throw new Disagreement(`something still waits to be sent in room ${roomId}`);
		const failed = left.every((one) => one?.state === 'failed');
		const fine = times === 1 || (times === 0 && (failed || dropped || run.server.undone.has(text)));
		if (!fine) throw new Disagreement(`"${text}" was stored ${times} times`);
		const shown = left.find((one) => one && one.state !== 'failed');
		if (shown) throw new Disagreement(`"${text}" is still in an outbox: ${shown.state}`);
		if (times === 1 && left.some((one) => one))
			throw new Disagreement(`"${text}" was stored and is still unsent`);
	}
	const order = (page: Page, roomId: number) =>
		run.sent
			.filter((one) => one.page === page && one.roomId === roomId && !one.refused)
			.flatMap(({ text }) => stored.find(({ body }) => body === text)?.seq ?? []);
	for (const page of new Set(run.sent.map((one) => one.page)))
		for (const { row } of run.server.world.rooms) {
			const seqs = order(page, row.id);
			same(
				`the order of what ${page.tab.name} sent`,
				seqs,
				[...seqs].sort((a, b) => a - b)
			);
		}
}

function draftsAgree(run: Run) {
	for (const room of run.server.world.rooms.filter((one) => isIn(one))) {
		const { id } = room.row;
		const right = run.server.world.drafts.find(({ roomId }) => roomId === id);
		for (const { chat, tab } of run.pages)
			same(`${tab.name}: the draft in room ${id}`, chat.drafts.in(id).body, right?.body ?? '');
		const typed = run.typed.get(id);
		// Of several devices the later one wins, and which that was is a matter of the wire.
		if (
			typed &&
			(typed.by.size === 1 || !typed.by.has('elsewhere')) &&
			run.server.world.epoch === 'epoch-0'
		)
			same(`the last that was typed in room ${id}`, right?.body ?? '', typed.text);
	}
}
