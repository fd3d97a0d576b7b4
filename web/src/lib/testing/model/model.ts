import fc from 'fast-check';
import { vi } from 'vitest';
import { ACTS, describe, perform, type Act } from './acts';
import { agrees, looksRight } from './agree';
import { Run } from './run';
import { FakeSocket } from './wire';

const WHAT = Object.keys(ACTS) as Act['what'][];
/** What happens oftener than the rest. */
const OFTEN: Act['what'][] = [
	'look',
	'send',
	'send',
	'type',
	'see',
	'ana',
	'ana',
	'call',
	'kill',
	'open',
	'wait',
	'cut'
];

export const act: fc.Arbitrary<Act> = fc.record({
	what: fc.constantFrom(...WHAT, ...OFTEN, ...OFTEN),
	page: fc.nat(2),
	room: fc.nat(Run.ROOMS - 1),
	at: fc.nat(40),
	seed: fc.nat(0xffff)
});

/** Plays a list of acts on a new world, and throws the first thing that is wrong. */
export const play = (acts: readonly Act[], trace?: (line: string) => void) =>
	inWorld(async (run) => {
		run.openTab().look(1);
		for (const [index, one] of acts.entries()) {
			trace?.(`${index + 1}. ${describe(one)}`);
			await perform(run, one);
			looksRight(run);
		}
		trace?.('All goes well from now on.');
		await run.heal();
		agrees(run);
	}, trace);

/** Has something done in a new world, whose globals are a browser's meanwhile. */
export async function inWorld(work: (run: Run) => Promise<void>, trace?: (line: string) => void) {
	const run = new Run();
	run.wire.trace = trace;
	for (const [name, own] of Object.entries(run.browser.globals())) vi.stubGlobal(name, own);
	vi.stubGlobal('WebSocket', FakeSocket);
	vi.spyOn(Date, 'now').mockImplementation(() => run.clock.now);
	// Full jitter, but the same in every run.
	vi.spyOn(Math, 'random').mockReturnValue(0.5);
	try {
		await work(run);
	} finally {
		run.close();
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	}
}

/**
 * Plays many lists of acts; a list that fails is made as short as it goes, and printed as steps.
 * @returns how many were played
 */
export async function playMany(numRuns: number, seed: number, { shrunk = true } = {}): Promise<number> {
	const property = fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 60, size: 'max' }), (acts) =>
		play(acts)
	);
	const found = await fc.check(property, { numRuns, seed, endOnFailure: !shrunk });
	if (!found.failed) return found.numRuns;
	const [acts] = found.counterexample!;
	const lines: string[] = [];
	await play(acts, (line) => lines.push(line)).catch((failure: Error) =>
		lines.push(`   ✗ ${failure.message}`)
	);
	throw new Error(
		[
			`Seed ${seed}, run ${found.numRuns}: ${(found.errorInstance as Error)?.message}`,
			`Made shorter ${found.numShrinks} times. The acts:`,
			JSON.stringify(acts),
			...lines
		].join('\n'),
		{ cause: found.errorInstance }
	);
}
