import { foldedOf, match, type Folded } from './match';

/** How much being visited often counts against matching well. */
const HABIT = 0.3;

/** Something that one can go to or do. */
export interface Candidate {
	/** What it is called, and under what other names it is found. */
	names: readonly Folded[];
	/** How often and how lately it was visited. */
	weight: number;
	mentions: number;
	unread: number;
	/** Also listed before anything is typed. */
	listed: boolean;
}

/** Those that answer the query, the best first, equal ones in the order in which they came; before anything is typed, those that wait to be read. */
export function ranked<One extends Candidate>(all: readonly One[], text: string): One[] {
	const query = foldedOf(text);
	return query.whole === '' ? waiting(all) : answering(all, query);
}

function waiting<One extends Candidate>(all: readonly One[]): One[] {
	return all
		.filter(({ listed }) => listed)
		.sort(
			(a, b) =>
				Number(b.mentions > 0) - Number(a.mentions > 0) ||
				Number(b.unread > 0) - Number(a.unread > 0) ||
				b.weight - a.weight
		);
}

function answering<One extends Candidate>(all: readonly One[], query: Folded): One[] {
	const heaviest = Math.max(1, ...all.map(({ weight }) => weight));
	return all
		.map((one) => ({ one, score: scoreOf(one, query, heaviest) }))
		.filter(({ score }) => score > 0)
		.sort((a, b) => b.score - a.score)
		.map(({ one }) => one);
}

function scoreOf({ names, weight }: Candidate, query: Folded, heaviest: number): number {
	const best = Math.max(0, ...names.map((name) => match(query, name) ?? 0));
	return best > 0 ? best + (HABIT * weight) / heaviest : 0;
}
