import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import type { ChatServer } from './server';

const LOOK_MS = 250;

/**
 * What stands before the nodes of a cluster: it lets each connection through to the first of its nodes that says at
 * `/ready` that it is, and cuts none.
 */
export class Door {
	#nodes: readonly ChatServer[];
	#ready = new Set<ChatServer>();
	#server = createServer((client) => this.#admit(client, this.#nodes));
	#open = new Set<Socket>();
	#sockets = new Map<ChatServer, number>();
	#looking: ReturnType<typeof setInterval> | undefined;

	/** @param nodes in the order in which it likes them */
	constructor(nodes: readonly ChatServer[]) {
		this.#nodes = nodes;
	}

	get origin() {
		return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
	}

	async start() {
		await this.#look();
		this.#looking = setInterval(() => void this.#look(), LOOK_MS);
		this.#server.listen(0);
		await once(this.#server, 'listening');
	}

	/** Whether it would send somebody to this node. */
	likes(node: ChatServer) {
		return this.#ready.has(node);
	}

	/** How many sockets of the chat it has let through to this node, ever. */
	socketsTo(node: ChatServer) {
		return this.#sockets.get(node) ?? 0;
	}

	dispose() {
		clearInterval(this.#looking);
		this.#server.close();
		for (const socket of this.#open) socket.destroy();
	}

	async #look() {
		await Promise.all(
			this.#nodes.map(async (node) => {
				const answer = await fetch(`${node.origin}/ready`).catch(() => undefined);
				if (answer?.ok) this.#ready.add(node);
				else this.#ready.delete(node);
				await answer?.body?.cancel();
			})
		);
	}

	#admit(client: Socket, nodes: readonly ChatServer[]) {
		this.#keep(client);
		const node = nodes.find((node) => this.#ready.has(node));
		if (!node) return void client.destroy();

		const link = createConnection(Number(new URL(node.origin).port), '127.0.0.1');
		// Gone before it was seen to be: the next one.
		const gone = () =>
			this.#admit(
				client,
				nodes.filter((other) => other !== node)
			);
		link.once('error', gone);
		link.once('connect', () => {
			link.off('error', gone);
			this.#keep(link);
			for (const [one, other] of [
				[client, link],
				[link, client]
			] as const)
				one.once('close', () => other.destroy());
			client.once('data', (head) => {
				if (head.toString('latin1').startsWith('GET /api/v1/socket'))
					this.#sockets.set(node, this.socketsTo(node) + 1);
			});
			client.pipe(link);
			link.pipe(client);
		});
	}

	#keep(socket: Socket) {
		if (this.#open.has(socket)) return;
		this.#open.add(socket);
		socket.on('error', () => socket.destroy());
		socket.once('close', () => this.#open.delete(socket));
	}
}
