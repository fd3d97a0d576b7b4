import { CloseCode, type Bye, type ClientFrame, type Hello, type Incoming } from '$lib/protocol';
import { waitBefore } from './backoff';

/** Beyond the server's own limit, so that it is the one to close a connection that still works. */
const GRACE_MS = 5_000;

/** How long a connection must have stood for its loss to count as the first failure. */
const STEADY_MS = 10_000;

/** Until the first welcome names the server's beat. */
const FIRST_BEAT = { intervalMs: 25_000, timeoutMs: 10_000 };

const TOO_FAST_MS = 30_000;

/** Why the connection does not come back by itself. */
export type Stopped = 'session' | 'banned' | 'tooMany' | 'version' | 'protocol';

export interface ConnectionEnds {
	/** What is held now: the first frame of every connection. */
	hello: () => Hello;
	receive: (frame: Incoming) => void;
	/** The connection is gone; what was sent may or may not have arrived. */
	lost: () => void;
	stopped: (why: Stopped) => void;
	/** Whether the session still stands, asked when the server would not let the socket in; null: it cannot be known now. */
	signedIn: () => Promise<boolean | null>;
	/** Opens the socket. */
	dial: () => WebSocket;
}

/** The one socket of this page: it comes back by itself, and says honestly how it stands. */
export class Connection {
	#ends: ConnectionEnds;
	#status: 'connecting' | 'open' | 'waiting' | 'stopped' = $state('waiting');
	#why: Stopped | null = $state(null);
	#announced = $state(0);
	#socket: WebSocket | null = null;
	#bye: Bye | undefined;
	#failed = 0;
	#openedAt = 0;
	#heardAt = 0;
	#beat = FIRST_BEAT;
	#wait: ReturnType<typeof setTimeout> | undefined;
	#silence: ReturnType<typeof setTimeout> | undefined;

	constructor(ends: ConnectionEnds) {
		this.#ends = ends;
	}

	get status() {
		return this.#status;
	}

	/** Why it stopped for good; null while it comes back by itself. */
	get why() {
		return this.#why;
	}

	/** How many ms the server asked to be left alone before it restarts, or another takes its place; 0: it did not say so. */
	get announced() {
		return this.#announced;
	}

	/** Connects now, whatever was waited for. */
	connect() {
		clearTimeout(this.#wait);
		this.#why = null;
		this.#hangUp();
		this.#status = 'connecting';
		this.#bye = undefined;
		const socket = this.#ends.dial();
		this.#socket = socket;
		this.#heardAt = Date.now();
		this.#watch();
		socket.onopen = () => socket.send(JSON.stringify(this.#ends.hello()));
		socket.onmessage = ({ data }: MessageEvent<string>) => this.#hear(JSON.parse(data) as Incoming);
		socket.onclose = ({ code }) => this.#closed(code);
	}

	/** @returns false when there is no connection: say it again after the next welcome. */
	send(frame: ClientFrame): boolean {
		if (this.#status !== 'open' || this.#socket?.readyState !== WebSocket.OPEN) return false;
		this.#socket.send(JSON.stringify(frame));
		return true;
	}

	/** The machine woke up, or a network came: what was waited for is tried now, and what has gone quiet is not trusted. */
	wake() {
		const dialling = this.#status === 'connecting' && Date.now() - this.#heardAt > GRACE_MS;
		if (this.#status === 'waiting' || dialling) this.connect();
		else if (this.#status === 'open' && Date.now() - this.#heardAt > this.#beat.intervalMs + GRACE_MS)
			this.#drop();
	}

	/** Ends it from this side. */
	close() {
		clearTimeout(this.#wait);
		this.#hangUp();
		this.#status = 'stopped';
	}

	#hear(frame: Incoming) {
		this.#heardAt = Date.now();
		this.#watch();
		switch (frame.type) {
			case 'welcome':
				this.#status = 'open';
				this.#openedAt = Date.now();
				this.#beat = frame.heartbeat;
				this.#announced = 0;
				break;
			case 'ping':
				this.send({ type: 'pong' });
				break;
			case 'bye':
				this.#bye = frame;
				break;
		}
		this.#ends.receive(frame);
	}

	// A connection that died without a word is noticed by its silence: the server speaks at least once a beat.
	#watch() {
		clearTimeout(this.#silence);
		this.#silence = setTimeout(
			() => this.#drop(),
			this.#beat.intervalMs + this.#beat.timeoutMs + GRACE_MS
		);
	}

	#drop() {
		this.#hangUp();
		this.#closed(CloseCode.Restart);
	}

	#hangUp() {
		clearTimeout(this.#silence);
		const socket = this.#socket;
		this.#socket = null;
		if (!socket) return;
		socket.onopen = socket.onmessage = socket.onclose = null;
		socket.close();
	}

	#closed(code: number) {
		clearTimeout(this.#silence);
		this.#socket = null;
		const wasOpen = this.#status === 'open';
		if (this.#bye?.code === CloseCode.Restart) this.#announced = this.#bye.retryMs ?? 0;
		this.#status = 'waiting';
		if (wasOpen) this.#ends.lost();

		const why =
			this.#bye?.code !== undefined && code === 1006 ? stopReason(this.#bye.code) : stopReason(code);
		if (why) return this.#stop(why);
		if (wasOpen && Date.now() - this.#openedAt > STEADY_MS) this.#failed = 0;
		this.#comeBack(code);
		if (wasOpen) return;
		// A browser does not say why it was not let in: the session is asked for instead.
		void this.#ends.signedIn().then((signedIn) => {
			if (signedIn === false && this.#status !== 'open') this.#stop('session');
		});
	}

	#comeBack(code: number) {
		const asked = this.#bye?.retryMs ?? (code === CloseCode.Rate ? TOO_FAST_MS : undefined);
		this.#wait = setTimeout(() => this.connect(), waitBefore(this.#failed, asked));
		this.#failed++;
	}

	#stop(why: Stopped) {
		clearTimeout(this.#wait);
		this.#hangUp();
		this.#status = 'stopped';
		this.#why = why;
		this.#ends.stopped(why);
	}
}

function stopReason(code: number): Stopped | null {
	switch (code) {
		case CloseCode.SessionEnded:
			return 'session';
		case CloseCode.Banned:
			return 'banned';
		case CloseCode.TooManyConnections:
			return 'tooMany';
		case CloseCode.Version:
			return 'version';
		case CloseCode.Protocol:
			return 'protocol';
		default:
			return code >= 4500 && code < 5000 ? 'protocol' : null;
	}
}
