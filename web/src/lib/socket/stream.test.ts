import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Stream, type Range } from './stream';

interface Change {
	rev: number;
}

const upTo = (from: number, to: number): Change[] =>
	Array.from({ length: to - from + 1 }, (_, index) => ({ rev: from + index }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listen(after: (rev: number) => Promise<Range<Change>>, held = 0) {
	const heard: number[] = [];
	const stream = new Stream<Change>(held, {
		after,
		apply: ({ rev }) => heard.push(rev),
		retryAfter: () => 1000
	});
	return { stream, heard };
}

describe('a stream', () => {
	test('applies what comes next and drops what it has', () => {
		const { stream, heard } = listen(async () => ({ changes: [], complete: 0, head: 0 }));

		for (const rev of [1, 2, 2, 1, 3]) stream.receive({ rev });

		expect(heard).toEqual([1, 2, 3]);
	});

	test('fills a gap before what came after it', async () => {
		const { stream, heard } = listen(async (rev) => ({
			changes: upTo(rev + 1, 4),
			complete: 4,
			head: 4
		}));

		stream.receive({ rev: 5 });
		stream.receive({ rev: 6 });
		await vi.runAllTimersAsync();

		expect(heard).toEqual([1, 2, 3, 4, 5, 6]);
	});

	test('takes skipped revisions for superseded', async () => {
		const { stream, heard } = listen(async () => ({
			changes: [{ rev: 3 }, { rev: 7 }],
			complete: 8,
			head: 8
		}));

		stream.reach(8);
		await vi.runAllTimersAsync();

		expect(heard).toEqual([3, 7]);
		expect(stream.held).toBe(8);
	});

	test('asks on until it has come as far as the head', async () => {
		const after = vi.fn(async (rev: number) => ({
			changes: upTo(rev + 1, rev + 2),
			complete: rev + 2,
			head: 6
		}));
		const { stream, heard } = listen(after);

		stream.reach(3);
		await vi.runAllTimersAsync();

		expect(heard).toEqual([1, 2, 3, 4, 5, 6]);
		expect(after).toHaveBeenCalledTimes(3);
	});

	test('has one question out at a time', async () => {
		const after = vi.fn(async () => ({ changes: upTo(1, 9), complete: 9, head: 9 }));
		const { stream } = listen(after);

		for (const rev of [5, 7, 9]) stream.receive({ rev });
		await vi.runAllTimersAsync();

		expect(after).toHaveBeenCalledTimes(1);
	});

	test('asks again after a failure', async () => {
		const after = vi
			.fn<(rev: number) => Promise<Range<Change>>>()
			.mockRejectedValueOnce(new Error('no network'))
			.mockResolvedValue({ changes: upTo(1, 2), complete: 2, head: 2 });
		const { stream, heard } = listen(after);

		stream.reach(2);
		await vi.runAllTimersAsync();

		expect(heard).toEqual([1, 2]);
	});

	test('waits for a promised replay, and asks when it is said that none comes any more', async () => {
		const after = vi.fn(async () => ({ changes: upTo(1, 3), complete: 3, head: 3 }));
		const { stream, heard } = listen(after);

		stream.expectReplay(3);
		stream.receive({ rev: 4 });
		await vi.runAllTimersAsync();
		expect(after).not.toHaveBeenCalled();

		stream.replayed();
		await vi.runAllTimersAsync();
		expect(heard).toEqual([1, 2, 3, 4]);
	});

	test('does not take an answer to a question of its former life', async () => {
		let answer!: (range: Range<Change>) => void;
		const { stream, heard } = listen(() => new Promise((resolve) => (answer = resolve)));

		stream.reach(3);
		stream.rebase(10);
		answer({ changes: upTo(1, 3), complete: 3, head: 3 });
		await vi.runAllTimersAsync();

		expect(heard).toEqual([]);
		expect(stream.held).toBe(10);
	});
});
