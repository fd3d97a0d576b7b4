import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ClientFrame, Welcome } from '$lib/protocol';
import { waitBefore } from './backoff';
import { Connection, type Stopped } from './connection.svelte';

/** The far end of a socket, played by hand. */
class FakeSocket {
	readyState = WebSocket.OPEN;
	said: ClientFrame[] = [];
	closed = false;
	onopen: (() => void) | null = null;
	onmessage: ((event: { data: string }) => void) | null = null;
	onclose: ((event: { code: number }) => void) | null = null;
	send = (data: string) => this.said.push(JSON.parse(data));
	close = () => (this.closed = true);
	hear = (frame: object) => this.onmessage?.({ data: JSON.stringify(frame) });
	welcome() {
		this.onopen?.();
		this.hear({
			type: 'welcome',
			heartbeat: { intervalMs: 25_000, timeoutMs: 10_000 }
		} as Partial<Welcome>);
	}
}

function connect(signedIn: boolean | null = true) {
	const sockets: FakeSocket[] = [];
	const stopped: Stopped[] = [];
	const lost = vi.fn();
	const connection = new Connection({
		hello: () => ({ type: 'hello' }),
		receive: () => {},
		lost,
		stopped: (why) => stopped.push(why),
		signedIn: async () => signedIn,
		dial: () => {
			sockets.push(new FakeSocket());
			return sockets.at(-1) as unknown as WebSocket;
		}
	});
	connection.connect();
	return { connection, sockets, stopped, lost };
}

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('WebSocket', { OPEN: 1 });
	vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	vi.restoreAllMocks();
});

describe('the connection', () => {
	test('is open from the welcome on, and answers the beat', () => {
		const { connection, sockets } = connect();
		sockets[0]!.onopen?.();
		expect(connection.send({ type: 'typing', roomId: 1 })).toBe(false);

		sockets[0]!.welcome();
		sockets[0]!.hear({ type: 'ping', heads: {} });

		expect(connection.status).toBe('open');
		expect(sockets[0]!.said.map(({ type }) => type)).toEqual(['hello', 'hello', 'pong']);
	});

	test('knows that its end was announced until it is back, and no other end was', async () => {
		const { connection, sockets } = connect();
		sockets[0]!.welcome();
		sockets[0]!.hear({ type: 'bye', code: 4000, reason: 'restart', retryMs: 700 });
		expect(connection.announced).toBe(0);
		sockets[0]!.onclose!({ code: 4000 });
		expect(connection).toMatchObject({ status: 'waiting', announced: 700 });

		await vi.advanceTimersByTimeAsync(700);
		// Not yet at another: this one goes as well.
		sockets[1]!.onclose!({ code: 1006 });
		expect(connection.announced).toBe(700);
		await vi.runOnlyPendingTimersAsync();
		sockets.at(-1)!.welcome();
		expect(connection).toMatchObject({ status: 'open', announced: 0 });

		sockets.at(-1)!.onclose!({ code: 1006 });
		expect(connection).toMatchObject({ status: 'waiting', announced: 0 });
	});

	test('comes back after a loss, later each time', async () => {
		const { sockets, lost } = connect();
		sockets[0]!.welcome();
		sockets[0]!.onclose!({ code: 1006 });
		expect(lost).toHaveBeenCalledOnce();

		for (const wait of [250, 500, 1000, 2000]) {
			const before = sockets.length;
			await vi.advanceTimersByTimeAsync(wait - 1);
			expect(sockets).toHaveLength(before);
			await vi.advanceTimersByTimeAsync(1);
			expect(sockets).toHaveLength(before + 1);
			sockets.at(-1)!.onclose!({ code: 1006 });
		}
		expect(lost).toHaveBeenCalledOnce();
	});

	test('comes back when the server said to, and half a minute later when it was too fast', async () => {
		const { sockets } = connect();
		sockets[0]!.welcome();
		sockets[0]!.hear({ type: 'bye', code: 4000, reason: 'restart', retryMs: 1234 });
		sockets[0]!.onclose!({ code: 4000 });
		await vi.advanceTimersByTimeAsync(1233);
		expect(sockets).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(1);
		expect(sockets).toHaveLength(2);

		sockets[1]!.welcome();
		sockets[1]!.onclose!({ code: 4005 });
		await vi.advanceTimersByTimeAsync(29_999);
		expect(sockets).toHaveLength(2);
		await vi.advanceTimersByTimeAsync(1);
		expect(sockets).toHaveLength(3);
	});

	test.each([
		[4500, 'protocol'],
		[4501, 'session'],
		[4502, 'banned'],
		[4503, 'tooMany'],
		[4504, 'version']
	])('stops at %i', async (code, why) => {
		const { connection, sockets, stopped } = connect();
		sockets[0]!.welcome();
		sockets[0]!.onclose!({ code });
		await vi.advanceTimersByTimeAsync(120_000);

		expect(stopped).toEqual([why]);
		expect(connection.status).toBe('stopped');
		expect(sockets).toHaveLength(1);
	});

	test('stops when it was not let in because the session has ended', async () => {
		const { sockets, stopped } = connect(false);
		sockets[0]!.onclose!({ code: 1006 });
		await vi.advanceTimersByTimeAsync(60_000);

		expect(stopped).toEqual(['session']);
		expect(sockets).toHaveLength(1);
	});

	test('notices a connection that died without a word', async () => {
		const { connection, sockets, lost } = connect();
		sockets[0]!.welcome();
		await vi.advanceTimersByTimeAsync(39_999);
		expect(connection.status).toBe('open');

		await vi.advanceTimersByTimeAsync(1);
		expect(connection.status).toBe('waiting');
		expect(sockets[0]!.closed).toBe(true);
		expect(lost).toHaveBeenCalledOnce();
	});

	test('tries at once when the machine wakes, and trusts no connection that slept', async () => {
		const { connection, sockets } = connect();
		sockets[0]!.onclose!({ code: 1006 });
		connection.wake();
		expect(sockets).toHaveLength(2);

		sockets[1]!.welcome();
		connection.wake();
		expect(connection.status).toBe('open');
		vi.setSystemTime(Date.now() + 31_000);
		connection.wake();
		expect(connection.status).toBe('waiting');
	});
});

test('waiting is spread over the whole time, which doubles up to half a minute', () => {
	expect(waitBefore(0, undefined, () => 1)).toBe(500);
	expect(waitBefore(3, undefined, () => 1)).toBe(4000);
	expect(waitBefore(50, undefined, () => 1)).toBe(30_000);
	expect(waitBefore(50, undefined, () => 0)).toBe(0);
	expect(waitBefore(4, 700, () => 1)).toBe(700);
});
