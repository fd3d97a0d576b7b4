import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Windows } from './windows';

// Locks as a browser has them: a name is held by one, the others wait in line.
class Locks {
	#lines = new Map<string, Promise<unknown>>();

	request(name: string, { signal }: { signal: AbortSignal }, held: () => Promise<unknown>) {
		const aborted = new Promise<never>((_, reject) =>
			signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
		);
		const turn = Promise.race([this.#lines.get(name) ?? Promise.resolve(), aborted]).then(held);
		this.#lines.set(
			name,
			Promise.allSettled([this.#lines.get(name), turn]).then(() => {})
		);
		return turn;
	}
}

const open: Windows[] = [];
let told: string[];

function opened(name: string) {
	const windows = new Windows(1);
	windows.listen();
	open.push(windows);
	return { windows, hear: (news: string) => windows.once(news, () => told.push(`${name} ${news}`)) };
}

/** Until all that was said between windows has been heard. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 40));

beforeEach(() => (told = []));

afterEach(() => {
	for (const windows of open.splice(0)) windows.close();
	vi.unstubAllGlobals();
});

test('with locks the first window tells, and when it is closed the next one does, also what nobody had told yet', async () => {
	vi.stubGlobal('navigator', { locks: new Locks() });
	const [first, second] = [opened('first'), opened('second')];
	await settled();
	for (const { hear } of [second, first]) hear('1:1');
	await settled();
	expect(told).toEqual(['first 1:1']);

	second.hear('1:2');
	await settled();
	first.windows.close();
	await settled();
	second.hear('1:1');
	second.hear('1:3');
	await settled();
	expect(told).toEqual(['first 1:1', 'second 1:2', 'second 1:3']);
});

test('with locks a window that has lost its connection lets another one tell', async () => {
	vi.stubGlobal('navigator', { locks: new Locks() });
	const [first, second] = [opened('first'), opened('second')];
	await settled();
	first.windows.pause();
	await settled();
	second.hear('1:1');
	expect(told).toEqual(['second 1:1']);
	first.windows.listen();
	await settled();
	for (const { hear } of [first, second]) hear('1:2');
	await settled();
	expect(told).toEqual(['second 1:1', 'second 1:2']);
});

for (const channels of [true, false]) {
	test(`without locks exactly one window tells, ${channels ? 'over a channel' : 'over the storage'}`, async () => {
		vi.stubGlobal('navigator', {});
		if (!channels) stubStorage();
		const three = [opened('a'), opened('b'), opened('c')];
		await settled();
		for (let seq = 1; seq <= 5; seq++) {
			for (const { hear } of three) hear(`1:${seq}`);
			await settled();
		}
		await vi.waitFor(() => expect(told).toHaveLength(5), 1000);
		expect(new Set(told.map((line) => line.slice(2))).size).toBe(5);
		await settled();
		expect(told).toHaveLength(5);
	});
}

test('without locks a winner that is gone is not waited for', async () => {
	vi.stubGlobal('navigator', {});
	const both = [opened('a'), opened('b')];
	await settled();
	for (const { hear } of both) hear('1:1');
	const [lower] = both.sort((one, other) => (one.windows.me < other.windows.me ? -1 : 1));
	await settled();
	lower!.windows.close();
	await vi.waitFor(() => expect(told).toHaveLength(1), 3000);
});

test('a room is looked at when any window looks at it, until it looks away or is closed', async () => {
	const [first, second] = [opened('first').windows, opened('second').windows];
	first.look(7);
	await settled();
	expect([first.isLookedAt(7), second.isLookedAt(7), second.isLookedAt(8)]).toEqual([true, true, false]);
	const late = opened('late').windows;
	await settled();
	expect(late.isLookedAt(7)).toBe(true);
	first.look(8);
	await settled();
	expect([second.isLookedAt(7), second.isLookedAt(8)]).toEqual([false, true]);
	first.close();
	await settled();
	expect([second.isLookedAt(8), late.isLookedAt(8)]).toEqual([false, false]);
});

test('a window that fell silent while it looked is not believed for ever', async () => {
	const [first, second] = [opened('first').windows, opened('second').windows];
	first.look(7);
	await settled();
	const now = Date.now();
	vi.spyOn(Date, 'now').mockReturnValue(now + 60_000);
	expect(second.isLookedAt(7)).toBe(false);
	vi.restoreAllMocks();
});

/** A browser without channels: what one window stores, all others hear of. */
function stubStorage() {
	const ears = new Set<(event: unknown) => void>();
	vi.stubGlobal('BroadcastChannel', undefined);
	vi.stubGlobal('addEventListener', (_: string, ear: (event: unknown) => void) => ears.add(ear));
	vi.stubGlobal('removeEventListener', (_: string, ear: (event: unknown) => void) => ears.delete(ear));
	vi.stubGlobal('localStorage', {
		setItem: (key: string, newValue: string) => {
			for (const ear of ears) setTimeout(() => ear({ key, newValue }));
		},
		removeItem: () => {}
	});
}
