import { Postgres, Redis } from './backing';
import { Door } from './door';
import { ChatServer, type Settings } from './server';
import { expect, test as base } from './test';

export { expect };

/** Two nodes on a PostgreSQL and a Redis of their own, each liked best by one door. */
export class Cluster {
	readonly nodes = [new ChatServer(), new ChatServer()] as const;
	readonly doors = [new Door(this.nodes), new Door([...this.nodes].reverse())] as const;
	#redis = new Redis();
	#settings: Settings = {};

	async start(postgres: Postgres) {
		await this.#redis.start();
		this.#settings = { DATABASE_URL: postgres.newDatabase(), REDIS_URL: this.#redis.address };
		for (const node of this.nodes) await node.start(this.#settings);
		for (const door of this.doors) await door.start();
	}

	/**
	 * Stops a node and starts it again, as an upgrade does; returns when the doors like it again.
	 * @param meanwhile done while it is away: a node is back sooner than the people whom it sent away
	 */
	async restart(node: ChatServer, meanwhile: () => Promise<void>) {
		expect(await node.stop(), 'how the node ended').toBe(0);
		await meanwhile();
		await node.start(this.#settings);
		await expect.poll(() => this.doors.every((door) => door.likes(node))).toBe(true);
	}

	async dispose() {
		for (const door of this.doors) door.dispose();
		for (const node of this.nodes) await node.dispose();
		await this.#redis.dispose();
	}
}

interface Fixtures {
	cluster: Cluster;
}

interface WorkerFixtures {
	postgres: Postgres;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
	postgres: [
		// eslint-disable-next-line no-empty-pattern -- Playwright reads the names of what is needed
		async ({}, use) => {
			const postgres = new Postgres();
			try {
				await postgres.start();
				await use(postgres);
			} finally {
				await postgres.dispose();
			}
		},
		{ scope: 'worker' }
	],

	cluster: async ({ postgres }, use) => {
		const cluster = new Cluster();
		try {
			await cluster.start(postgres);
			await use(cluster);
		} finally {
			await cluster.dispose();
		}
		for (const node of cluster.nodes) expect(node.errors, 'errors in the log of a node').toEqual([]);
	},

	// People sign up at the first node, unless a test says otherwise.
	server: async ({ cluster }, use) => use(cluster.nodes[0])
});
