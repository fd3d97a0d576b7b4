import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NodeList, NodeSeen } from '$lib/protocol';
import { Nodes, SHOWN_MS } from './nodes.svelte';

const node = (
	id: string,
	name: string,
	more: Partial<NodeSeen['state']> = {},
	heardMs?: number
): NodeSeen => ({
	state: {
		id,
		name,
		version: '1.0.0',
		startedAt: new Date(0).toISOString(),
		status: 'ready',
		reasons: [],
		people: 0,
		connections: 0,
		backplane: { kind: 'redis', live: true },
		waiting: 0,
		queueBytes: 0,
		...more
	},
	heardMs,
	links: []
});
const list = (...nodes: NodeSeen[]): NodeList => ({ self: nodes[0]!.state.id, intervalMs: 2000, nodes });

const one = node('1', 'box:1');
const two = node('2', 'box:2', {}, 100);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is shown and what is new after each of these answers. */
async function told(...answers: (NodeList | Error)[]) {
	const nodes = new Nodes(async () => {
		const answer = answers.shift();
		if (!answer || answer instanceof Error) throw answer ?? new Error('nothing more');
		return answer;
	});
	const all = [];
	for (const count = answers.length; all.length < count;) {
		if (all.length === 0) await nodes.look();
		else await vi.advanceTimersByTimeAsync(2000);
		all.push({
			shown: nodes.shown.map(({ seen, how }) => `${seen.state.name} ${how}`),
			news: nodes.news.map(({ name, how }) => `${name} ${how}`)
		});
	}
	nodes.stop();
	return all;
}

test('a node that goes is shown as gone until it is back under another id', async () => {
	const [first, silent, gone, back] = await told(
		list(one, two),
		list(one, { ...two, heardMs: 7000 }),
		list(one),
		list(one, node('3', 'box:2', {}, 10))
	);

	expect(first).toEqual({ shown: ['box:1 ready', 'box:2 ready'], news: [] });
	expect(silent).toEqual({ shown: ['box:1 ready', 'box:2 silent'], news: ['box:2 silent'] });
	expect(gone).toEqual({ shown: ['box:1 ready', 'box:2 gone'], news: ['box:2 gone'] });
	expect(back).toEqual({ shown: ['box:1 ready', 'box:2 ready'], news: ['box:2 ready'] });
});

test('one that stays away is forgotten after a minute', async () => {
	const looks = SHOWN_MS / 2000 + 1;
	const all = await told(list(one, two), ...Array.from({ length: looks }, () => list(one)));

	expect(all.at(-2)?.shown).toEqual(['box:1 ready', 'box:2 gone']);
	expect(all.at(-1)?.shown).toEqual(['box:1 ready']);
});

test('of others that a deaf node does not hear nobody says that they have gone', async () => {
	const deaf = node('1', 'box:1', { status: 'degraded', backplane: { kind: 'redis', live: false } });
	const three = node('3', 'box:3');
	const all = await told(
		list(one, two, three),
		list(one, two),
		list(deaf),
		list(deaf),
		list(one),
		list(one, two)
	);

	expect(all.map(({ shown }) => shown)).toEqual([
		['box:1 ready', 'box:2 ready', 'box:3 ready'],
		['box:1 ready', 'box:2 ready', 'box:3 gone'],
		['box:1 degraded', 'box:2 unheard', 'box:3 gone'],
		['box:1 degraded', 'box:2 unheard', 'box:3 gone'],
		['box:1 ready', 'box:2 gone', 'box:3 gone'],
		['box:1 ready', 'box:2 ready', 'box:3 gone']
	]);
});

test('a look that fails changes nothing, and another follows', async () => {
	const [before, failed, after] = await told(list(one, two), new Error('away'), list(one));

	expect(failed).toEqual(before);
	expect(after?.shown).toEqual(['box:1 ready', 'box:2 gone']);
});

test('a node without a cluster is looked at once', async () => {
	let looks = 0;
	const nodes = new Nodes(async () => {
		looks++;
		return list(node('1', 'box:1', { backplane: { kind: 'none', live: false } }));
	});

	await nodes.look();
	await vi.advanceTimersByTimeAsync(60_000);

	expect([nodes.alone, looks]).toEqual([true, 1]);
});
