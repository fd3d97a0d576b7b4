import type { NodeList, NodeSeen } from '$lib/protocol';

/** For how long a node that has gone is still shown. */
export const SHOWN_MS = 60_000;

/** How a node is, as one sees it from here: `silent` when nothing was heard for some time, `unheard` when who answers hears nobody. */
export type NodeHow = NodeSeen['state']['status'] | 'silent' | 'unheard' | 'gone';

/** A node with how it is. */
export interface ShownNode {
	seen: NodeSeen;
	how: NodeHow;
}

/** What happened to a node since the look before. */
export interface NodeNews {
	name: string;
	how: NodeHow;
}

interface Gone extends ShownNode {
	since: number;
}

/** The nodes of the server, followed as long as somebody looks. One that goes is shown as gone for a minute, or until it is back. */
export class Nodes {
	// Replaced, not mutated.
	#list: NodeList | undefined = $state.raw();
	#shown: readonly ShownNode[] = $state.raw([]);
	#news: readonly NodeNews[] = $state.raw([]);
	#gone: readonly Gone[] = [];
	#nodes: () => Promise<NodeList>;
	#next: ReturnType<typeof setTimeout> | undefined;
	#stopped = false;

	constructor(nodes: () => Promise<NodeList>) {
		this.#nodes = nodes;
	}

	/** Those that are there and those that have just gone, by name. */
	get shown() {
		return this.#shown;
	}

	/** What happened last; nothing at the first look. */
	get news() {
		return this.#news;
	}

	/** The node that answered last; undefined: none has. */
	get own(): NodeSeen | undefined {
		return this.#list?.nodes.find(({ state }) => state.id === this.#list?.self);
	}

	/** Whether there is one node that has no others. */
	get alone() {
		return this.own?.state.backplane.kind === 'none';
	}

	/** Looks now, and again as often as nodes tell of themselves. A look that fails changes nothing: the page says so elsewhere. */
	async look(): Promise<void> {
		clearTimeout(this.#next);
		let again = this.#list?.intervalMs ?? 2000;
		try {
			const list = await this.#nodes();
			this.#take(list);
			again = list.intervalMs;
		} catch {
			// The node that was asked is away, perhaps: the next look may find another.
		}
		if (!this.#stopped && !this.alone) this.#next = setTimeout(() => void this.look(), again);
	}

	/** Nobody looks any more. */
	stop() {
		this.#stopped = true;
		clearTimeout(this.#next);
	}

	#take(list: NodeList) {
		const now = Date.now();
		const before = this.#shown;
		const there = new Set(list.nodes.map(({ state }) => state.id));
		const names = new Set(list.nodes.map(({ state }) => state.name));
		this.#list = list;
		// Who hears nobody does not know who has gone.
		const how: NodeHow = this.own?.state.backplane.live ? 'gone' : 'unheard';
		const went = before
			.filter((it) => it.how !== 'gone' && (it.how !== 'unheard' || how === 'gone'))
			.map(({ seen }): Gone => ({ seen, how, since: now }));
		const missing = [...this.#gone.filter((it) => !went.some(({ seen }) => seen === it.seen)), ...went];
		// One that is back has another id and the same name.
		this.#gone = missing.filter(
			({ seen: { state }, how: it, since }) =>
				!there.has(state.id) && !names.has(state.name) && (it === 'unheard' || now - since < SHOWN_MS)
		);
		this.#shown = [
			...list.nodes.map((seen) => ({ seen, how: howOf(seen, list.intervalMs) })),
			...this.#gone
		].sort((a, b) => (key(a) < key(b) ? -1 : 1));
		const news = before.length > 0 ? newsOf(before, this.#shown) : [];
		if (news.length > 0) this.#news = news;
	}
}

function howOf({ state, heardMs }: NodeSeen, intervalMs: number): NodeHow {
	return (heardMs ?? 0) > 3 * intervalMs ? 'silent' : state.status;
}

const key = ({ seen: { state } }: ShownNode) => `${state.name} ${state.id}`;

function newsOf(before: readonly ShownNode[], now: readonly ShownNode[]): NodeNews[] {
	const old = new Map(before.map(({ seen, how }) => [seen.state.name, how]));
	return now
		.map(({ seen, how }) => ({ name: seen.state.name, how }))
		.filter(({ name, how }) => old.get(name) !== how);
}
