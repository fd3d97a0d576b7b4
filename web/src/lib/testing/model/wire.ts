import type { ClientFrame } from '$lib/protocol';
import type { Tab } from './browser';
import { answer, take } from './door';
import type { Random } from './random';
import type { Listener, ModelServer } from './server';

/** Live changes: what a client may miss, hear twice or in another order without being wrong for longer than a beat. */
const CHANGES = new Set(['message', 'room', 'member', 'place', 'saved', 'draft', 'person', 'settings']);

const typeOf = (frame: string) => (JSON.parse(frame) as { type: string }).type;
const isChange = (frame: string | undefined) => frame !== undefined && CHANGES.has(typeOf(frame));
/** What may come after one another in either order. */
const mayTurn = (frame: string | undefined) => isChange(frame) || (frame && typeOf(frame) === 'ack');

/** How a delivery goes wrong, each as a likelihood. */
export interface Mood {
	wait: number;
	lose: number;
	double: number;
	turn: number;
}

export const CALM: Mood = { wait: 0, lose: 0, double: 0, turn: 0 };
export const STORMY: Mood = { wait: 0.15, lose: 0.05, double: 0.05, turn: 0.08 };

/** A browser's end of a socket, and the way to the server. */
export class FakeSocket {
	static readonly OPEN = 1;
	readyState = 0;
	onopen: (() => void) | null = null;
	onmessage: ((event: { data: string }) => void) | null = null;
	onclose: ((event: { code: number }) => void) | null = null;
	readonly tab: Tab;
	readonly up: string[] = [];
	readonly down: (string | number)[] = [];
	/** Nothing goes through any more, and nobody says so. */
	silent = false;
	readonly listener: Listener;
	#wire: Wire;

	constructor(tab: Tab, wire: Wire) {
		this.tab = tab;
		this.#wire = wire;
		wire.sockets.add(this);
		this.listener = {
			moved: new Set(),
			greeted: false,
			hear: (frame) => void this.down.push(JSON.stringify(frame)),
			close: (code) => {
				wire.server.listeners.delete(this.listener);
				this.listener.greeted = false;
				this.down.push(code);
			}
		};
	}

	send(text: string) {
		if (!this.tab.dead && this.readyState === 1) this.up.push(text);
	}

	close() {
		this.break(false);
	}

	/** The connection is gone. @param told whether this end hears of it */
	break(told = true) {
		if (this.readyState === 3) return;
		this.readyState = 3;
		this.#wire.sockets.delete(this);
		this.#wire.server.listeners.delete(this.listener);
		if (told) this.tab.run(() => this.onclose?.({ code: 1006 }));
	}
}

interface Asked {
	tab: Tab;
	method: string;
	path: string;
	body: Record<string, unknown>;
	answer?: { status: number; body: string };
	resolve: (response: Response) => void;
	reject: (failure: Error) => void;
}

/** Everything between clients and server, and whoever sits on it. */
export class Wire {
	readonly server: ModelServer;
	readonly sockets = new Set<FakeSocket>();
	#asked: Asked[] = [];
	/** For whoever reads a failure. */
	trace: ((line: string) => void) | undefined;

	constructor(server: ModelServer) {
		this.server = server;
	}

	get idle() {
		return (
			this.#asked.length === 0 &&
			[...this.sockets].every(({ up, down, silent }) => silent || up.length + down.length === 0)
		);
	}

	fetch(tab: Tab, path: string, init: { method?: string; body?: string }): Promise<Response> {
		return new Promise((resolve, reject) => {
			if (tab.dead) return;
			const body = JSON.parse(init.body ?? '{}') as Record<string, unknown>;
			this.#asked.push({ tab, method: init.method ?? 'GET', path, body, resolve, reject });
		});
	}

	/** A page is gone: nothing reaches it, and what it said may have arrived. */
	die(tab: Tab, random: Random) {
		for (const socket of [...this.sockets].filter((one) => one.tab === tab)) {
			if (random.chance(0.5)) this.#up(socket, CALM, random);
			socket.break(false);
		}
		for (const one of this.#asked.filter((asked) => asked.tab === tab))
			if (!one.answer && random.chance(0.5)) this.#serve(one);
		this.#asked = this.#asked.filter((asked) => asked.tab !== tab);
	}

	/** Lets what is on its way go on. */
	async carry(random: Random, mood: Mood, settle: () => Promise<void>) {
		for (const socket of [...this.sockets]) {
			if (socket.silent) continue;
			if (socket.readyState === 0 && !random.chance(mood.wait)) this.#open(socket);
			this.#up(socket, mood, random);
		}
		await settle();
		for (const socket of [...this.sockets]) await this.#down(socket, mood, random, settle);
		for (const asked of [...this.#asked]) {
			if (!asked.answer) {
				if (random.chance(mood.wait)) continue;
				if (asked.tab.offline || random.chance(mood.lose)) this.#fail(asked);
				else this.#serve(asked);
			} else if (random.chance(mood.lose)) this.#fail(asked);
			else if (!random.chance(mood.wait)) this.#give(asked);
		}
		await settle();
	}

	#open(socket: FakeSocket) {
		if (socket.tab.offline) return socket.break();
		socket.readyState = 1;
		this.server.listeners.add(socket.listener);
		socket.tab.run(() => socket.onopen?.());
	}

	#up(socket: FakeSocket, mood: Mood, random: Random) {
		while (socket.up.length > 0 && !random.chance(mood.wait)) {
			const frame = socket.up.shift()!;
			if (!this.server.listeners.has(socket.listener)) continue;
			this.trace?.(`    ${socket.tab.name} → ${frame}`);
			take(this.server, socket.listener, JSON.parse(frame) as ClientFrame);
		}
	}

	async #down(socket: FakeSocket, mood: Mood, random: Random, settle: () => Promise<void>) {
		const { down } = socket;
		while (down.length > 0 && !socket.silent && socket.readyState === 1) {
			if (random.chance(mood.wait)) return;
			const [first, second] = down as string[];
			if (typeof first === 'number') {
				socket.readyState = 3;
				this.sockets.delete(socket);
				socket.tab.run(() => socket.onclose?.({ code: first }));
				return;
			}
			const fate = random.next();
			if (isChange(first) && fate < mood.lose) {
				this.trace?.(`    ${socket.tab.name} ← LOST ${first}`);
				down.shift();
				continue;
			}
			if (typeof second === 'string' && mayTurn(first) && mayTurn(second) && random.chance(mood.turn)) {
				down.splice(0, 2, second, first!);
				continue;
			}
			if (!(isChange(first) && random.chance(mood.double))) down.shift();
			this.trace?.(`    ${socket.tab.name} ← ${first}`);
			socket.tab.run(() => socket.onmessage?.({ data: first! }));
			await settle();
		}
	}

	#serve(asked: Asked) {
		const { status, body } = answer(this.server, asked.method, asked.path, asked.body);
		asked.answer = { status, body: JSON.stringify(body) };
		this.trace?.(
			`    ${asked.tab.name} ${asked.method} ${asked.path} ${JSON.stringify(asked.body)} = ${asked.answer.body}`
		);
	}

	#give(asked: Asked) {
		this.#asked = this.#asked.filter((one) => one !== asked);
		const { status, body } = asked.answer!;
		this.trace?.(`    ${asked.tab.name} ⇐ answer to ${asked.method} ${asked.path}`);
		asked.tab.run(() => asked.resolve(new Response(body, { status })));
	}

	#fail(asked: Asked) {
		this.#asked = this.#asked.filter((one) => one !== asked);
		this.trace?.(`    ${asked.tab.name} ⇐ NO answer to ${asked.method} ${asked.path}`);
		asked.tab.run(() => asked.reject(new TypeError('Failed to fetch')));
	}
}
