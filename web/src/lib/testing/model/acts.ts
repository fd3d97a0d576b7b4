import * as messages from '$lib/http/messages';
import * as http from '$lib/http/rooms';
import type { Message } from '$lib/protocol';
import type { Page } from './page';
import { Random } from './random';
import { Run } from './run';
import { Refusal } from './server';
import { ANA, BRUNO, EVA, isIn, type RoomState } from './world';

/** One thing that happens; `at` chooses among what there is to choose from, `seed` decides what the wire does meanwhile. */
export interface Act {
	what: keyof typeof ACTS;
	page: number;
	room: number;
	at: number;
	seed: number;
}

interface Scene {
	run: Run;
	page: Page;
	roomId: number;
	/** As the server has it. */
	room: RoomState;
	at: number;
	random: Random;
}

/** What a person does whose request may fail: then they are told so, and go on. */
const attempt = (work: Promise<unknown>) => void work.catch(() => {});
const joinedHere = ({ page, roomId }: Scene) => page.chat.rooms.get(roomId);
/** A text on the screen that the person may change. */
function mine({ page, roomId, at }: Scene): Message | undefined {
	const own = page.chat.rooms
		.get(roomId)
		?.timeline?.messages.filter((one) => one.authorId === EVA && one.kind === 'text' && !one.deletedAt);
	return own?.[at % (own.length || 1)];
}
const seqIn = ({ room, at }: Scene) => (at % Math.max(1, room.messages.length)) + 1;

/** Others, and the person's other devices: refused is refused. */
function elsewhere(work: () => unknown) {
	try {
		work();
	} catch (failure) {
		if (!(failure instanceof Refusal)) throw failure;
	}
}

function write({ run, page, roomId }: Scene, text: string) {
	const by = run.typed.get(roomId)?.by ?? new Set();
	run.typed.set(roomId, { text, by: by.add(page.tab.name) });
}

function send(scene: Scene) {
	const { run, page, roomId, at } = scene;
	const room = joinedHere(scene);
	if (!room) return;
	const text = run.text();
	const composing = page.composing(roomId);
	const parent = at % 4 === 0 ? room.timeline?.messages.at(-1) : undefined;
	if (parent?.kind === 'text') composing.reply(parent);
	composing.text = text;
	attempt(composing.post());
	write(scene, '');
	run.sent.push({ text, roomId, page, dropped: false, refused: false });
}

export const ACTS = {
	// The person, on one of their pages.
	look: ({ page, roomId }) => page.look(roomId),
	send,
	type: (scene) => {
		if (!joinedHere(scene)) return;
		const text = scene.run.text();
		scene.page.composing(scene.roomId).text = text;
		write(scene, text);
	},
	edit: (scene) => {
		const message = mine(scene);
		if (message) attempt(messages.edit(scene.roomId, message.seq, `${message.body}, and more`));
	},
	delete: (scene) => {
		const message = mine(scene);
		if (message) attempt(messages.remove(scene.roomId, message.seq));
	},
	react: (scene) => attempt(messages.react(scene.roomId, seqIn(scene), '👍', scene.at % 3 > 0)),
	save: (scene) => attempt(messages.save(scene.roomId, seqIn(scene), true)),
	letGo: ({ page, at }) => {
		const saved = page.chat.saved.all();
		const one = saved[at % (saved.length || 1)];
		if (one) page.inbox.letGo({ roomId: one.roomId, seq: one.seq } as Message);
	},
	see: (scene) => {
		const last = joinedHere(scene)?.timeline?.messages.at(-1 - (scene.at % 3));
		if (last) scene.page.chat.reading.saw(scene.roomId, last.seq);
	},
	putBack: (scene) => attempt(scene.page.chat.reading.putBack(scene.roomId, seqIn(scene))),
	readAll: ({ page, roomId }) => attempt(page.chat.reading.readAll(roomId)),
	older: (scene) => void joinedHere(scene)?.timeline?.loadBefore(),
	newer: (scene) => void joinedHere(scene)?.timeline?.loadAfter(),
	jump: (scene) => void joinedHere(scene)?.look().open(seqIn(scene)),
	toEnd: (scene) => void joinedHere(scene)?.timeline?.open(),
	members: (scene) => {
		const room = joinedHere(scene);
		if (room) attempt(room.loadMembers());
	},
	mentions: ({ page }) => void page.inbox.found.mentions.refresh(true),
	join: (scene) => {
		const { page, roomId } = scene;
		if (!joinedHere(scene)) attempt(http.join(roomId).then((place) => page.chat.rooms.take(place)));
	},
	leave: (scene) => {
		if (joinedHere(scene)) attempt(http.leave(scene.roomId));
	},
	quieter: ({ roomId }) => attempt(messages.setLevel(roomId, 'mentions')),
	again: ({ page }) => {
		const failed = page.chat.rooms.all().flatMap(({ id }) => page.chat.outbox.in(id));
		for (const one of failed.filter(({ state }) => state === 'failed'))
			attempt(page.chat.outbox.retry(one));
	},
	drop: ({ run, page, roomId }) => {
		const one = page.chat.outbox.in(roomId).find(({ state }) => state === 'failed');
		if (!one) return;
		page.chat.outbox.delete(one);
		for (const sent of run.sent) if (sent.text === one.body) sent.dropped = true;
	},

	// The page and its network.
	background: ({ page }) => page.chat.rest(),
	wake: ({ page }) => page.chat.wake(),
	open: ({ run }) => {
		if (run.pages.length < 3) run.openTab();
	},
	close: ({ run, page, random }) => {
		page.tab.run(() => page.chat.rest());
		run.kill(page, random);
	},
	kill: ({ run, page, random }) => run.kill(page, random),
	sendAndDie: (scene) => {
		send(scene);
		scene.run.kill(scene.page, scene.random);
	},
	cut: ({ run, page }) => {
		for (const socket of [...run.wire.sockets]) if (socket.tab === page.tab) socket.break();
	},
	silence: ({ run, page }) => {
		for (const socket of run.wire.sockets) if (socket.tab === page.tab) socket.silent = true;
	},
	offline: ({ run, page }) => {
		page.tab.offline = true;
		for (const socket of [...run.wire.sockets]) if (socket.tab === page.tab) socket.break();
	},
	online: ({ page }) => {
		page.tab.offline = false;
		page.chat.wake();
	},
	wait: () => {},

	// Others, the person's other devices, and the server.
	ana: ({ run, roomId, at }) =>
		elsewhere(() => {
			for (let more = 0; more <= at % 3; more++)
				run.server.post(ANA, roomId, `from ana, ${run.text()}`);
		}),
	crowd: ({ run, roomId }) =>
		elsewhere(() => {
			for (let more = 0; more < 60; more++) run.server.post(ANA, roomId, `crowd ${more}`);
		}),
	call: ({ run, roomId, at }) =>
		elsewhere(() => run.server.post(ANA, roomId, at % 2 ? `@eva ${run.text()}` : `@room ${run.text()}`)),
	answer: (scene) =>
		elsewhere(() => {
			const { run, roomId, room } = scene;
			const own = room.messages.filter((one) => one.authorId === EVA && one.kind === 'text');
			const parent = own[scene.at % (own.length || 1)]?.seq ?? seqIn(scene);
			run.server.post(ANA, roomId, `an answer, ${run.text()}`, undefined, parent);
		}),
	anaEdits: (scene) =>
		elsewhere(() => {
			const body = scene.at % 3 === 0 ? '@eva is meant now' : `other words, ${scene.at % 2}`;
			scene.run.server.edit(ANA, scene.roomId, seqIn(scene), body);
		}),
	anaDeletes: (scene) => elsewhere(() => scene.run.server.delete(ANA, scene.roomId, seqIn(scene))),
	anaReacts: (scene) =>
		elsewhere(() => scene.run.server.react(ANA, scene.roomId, seqIn(scene), '🎉', scene.at % 4 > 0)),
	purge: (scene) => scene.run.server.purge(scene.room, seqIn(scene)),
	invite: ({ run, roomId }) => run.server.setMember(roomId, EVA, true),
	remove: ({ run, roomId }) => run.server.setMember(roomId, EVA, false),
	inAndOut: ({ run, roomId, room }) => {
		run.server.setMember(roomId, EVA, !isIn(room));
		run.server.setMember(roomId, EVA, !isIn(room));
	},
	brunoComes: ({ run, roomId, room }) => run.server.setMember(roomId, BRUNO, !isIn(room, BRUNO)),
	readElsewhere: (scene) =>
		elsewhere(() => scene.run.server.read(scene.roomId, seqIn(scene), scene.room.mark)),
	draftElsewhere: ({ run, roomId }) =>
		elsewhere(() => {
			const text = run.text();
			run.server.keepDraft(roomId, text);
			const by = run.typed.get(roomId)?.by ?? new Set();
			run.typed.set(roomId, { text, by: by.add('elsewhere') });
		}),
	saveElsewhere: (scene) =>
		elsewhere(() => scene.run.server.save(scene.roomId, seqIn(scene), scene.at % 2 === 0)),
	postElsewhere: ({ run, roomId }) =>
		elsewhere(() => {
			const text = run.text();
			run.server.post(EVA, roomId, `elsewhere, ${text}`, `elsewhere-${text.slice(5)}`);
		}),
	rename: ({ run, at }) => run.server.rename((at % 3) + 1, `name ${at}`),
	topic: ({ run, room, at }) => run.server.changeRoom(room, { topic: `topic ${at}` }),
	lock: ({ run, room }) => run.server.changeRoom(room, { locked: !room.row.locked }),
	tooFast: ({ run, at }) => void (run.server.tooFast += (at % 3) + 1),
	busy: ({ run, at }) => void (run.server.busy += (at % 3) + 1),
	restart: ({ run }) => run.server.restart(),
	copy: ({ run }) => run.server.copy(),
	goBack: ({ run }) => run.server.goBack()
} satisfies Record<string, (scene: Scene) => void>;

/** How long after an act the next one comes, in ms. */
const PAUSES = [0, 0, 20, 20, 350, 900, 2_000, 11_000, 45_000];

/** Does one act, then lets the world go on for a moment. */
export async function perform(run: Run, act: Act) {
	const random = new Random(act.seed);
	const page = run.pages[act.page % (run.pages.length || 1)] ?? run.openTab();
	const roomId = (act.room % Run.ROOMS) + 1;
	const scene: Scene = { run, page, roomId, room: run.server.room(roomId)!, at: act.at, random };
	page.tab.run(() => (ACTS[act.what] as (scene: Scene) => void)(scene));
	for (const one of run.pages)
		for (const unsent of run.sent.filter(({ refused }) => !refused))
			if (
				one.chat.outbox
					.in(unsent.roomId)
					.some(({ body, state }) => state === 'failed' && body === unsent.text)
			)
				unsent.refused = true;
	await run.goOn(random, random.pick(PAUSES));
}

/** For people. */
export function describe({ what, page, room, at, seed }: Act): string {
	return `${what} (page ${page}, room ${(room % Run.ROOMS) + 1}, at ${at}, wire ${seed})`;
}
