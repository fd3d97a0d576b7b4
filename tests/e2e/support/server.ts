import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Account } from './account';

/** Variables of docs/configuration.md. */
export type Settings = Record<string, string>;

/** One line of the program's log (`LOG_FORMAT=json`). */
interface LogLine {
	LogLevel: string;
	Message: string;
	Exception?: string;
	State?: { Url?: string };
}

/** Tests sign up many people from one address; what is limited besides is up to each test. */
const TEST_SETTINGS: Settings = {
	LOG_FORMAT: 'json',
	LIMIT_REGISTRATIONS_PER_HOUR: '0',
	LIMIT_LOGINS_PER_MINUTE: '0',
	// The least that it takes, where only this machine is served: most of what a sign-up costs.
	BIND: '127.0.0.1',
	PASSWORD_COST: '4'
};

/** Others on the network are served too. */
export const FOR_OTHERS: Settings = { BIND: '0.0.0.0', PASSWORD_COST: '10' };

const READY_WITHIN_MS = 20_000;

/** The program itself, with a port and a data folder of its own. */
export class ChatServer {
	/** What it logged as an error: nothing, in a good test. */
	readonly errors: string[] = [];
	#folder = mkdtempSync(join(tmpdir(), 'olha-e2e-'));
	#process: ChildProcess | undefined;
	#port = 0;
	#settings: Settings | undefined;

	/** As seen from this machine: a secure context. */
	get origin() {
		return `http://localhost:${this.#port}`;
	}

	/** As seen from others on the network ({@link FOR_OTHERS}): plain http from a LAN address is no secure context. */
	get lanOrigin() {
		return `http://${lanAddress()}:${this.#port}`;
	}

	/**
	 * Starts it, again on the port and with the data that it had; returns once it serves.
	 * @param settings those of the first start hold for all; those of a later one for that one
	 */
	async start(settings: Settings = {}) {
		this.#settings ??= settings;
		await this.#startAt(this.#port, settings);
	}

	/** kill -9: what is not on disk is gone. */
	async kill() {
		const process = this.#process;
		this.#process = undefined;
		if (!process || process.exitCode !== null || process.signalCode !== null) return;
		const gone = once(process, 'exit');
		process.kill('SIGKILL');
		await gone;
	}

	/**
	 * SIGTERM, as a service manager does; returns when it has ended.
	 * @returns its exit code; null: a signal ended it
	 */
	async stop(): Promise<number | null> {
		const child = this.#process!;
		const gone = once(child, 'exit') as Promise<[number | null]>;
		child.kill('SIGTERM');
		const [code] = await gone;
		this.#process = undefined;
		return code;
	}

	/** Runs it for a moment at another port, where no open window finds it. It must not be running. */
	async elsewhere(visit: () => Promise<void>) {
		const port = this.#port;
		await this.#startAt(0, {});
		await visit();
		await this.kill();
		this.#port = port;
	}

	/** A new account; the first one owns the server. */
	signUp(username: string, displayName?: string) {
		return Account.signUp(this, username, displayName);
	}

	/** Ends it and removes its data. */
	async dispose() {
		await this.kill();
		rmSync(this.#folder, { recursive: true, force: true });
	}

	/** A line of the log; undefined when it was cut off by a kill. */
	#parse(line: string, of: ChildProcess): LogLine | undefined {
		try {
			return JSON.parse(line) as LogLine;
		} catch (cause) {
			if (this.#process === of) throw cause;
			return undefined;
		}
	}

	async #startAt(port: number, settings: Settings) {
		const child = spawn(program(), {
			cwd: this.#folder,
			env: {
				PATH: process.env.PATH,
				...TEST_SETTINGS,
				PORT: String(port),
				...this.#settings,
				...settings
			},
			stdio: ['ignore', 'pipe', 'pipe']
		});
		this.#process = child;
		// Also when the tests are interrupted.
		const end = () => child.kill('SIGKILL');
		process.once('exit', end);
		child.once('exit', () => process.off('exit', end));

		const spoken: string[] = [];
		createInterface(child.stderr).on('line', (line) => spoken.push(line));
		await new Promise<void>((resolve, reject) => {
			const fail = (why: string) => reject(new Error(`The server ${why}.\n${spoken.join('\n')}`));
			const timer = setTimeout(() => fail('did not start in time'), READY_WITHIN_MS);
			child.once('error', reject);
			child.once('exit', (code) => fail(`ended with ${code} before it served`));
			createInterface(child.stdout).on('line', (line) => {
				spoken.push(line);
				const event = this.#parse(line, child);
				if (!event) return;
				if (event.LogLevel === 'Error' || event.LogLevel === 'Critical')
					this.errors.push(`${event.Message} ${event.Exception ?? ''}`);
				const url = event.State?.Url;
				if (!url || !event.Message.startsWith('Listening')) return;
				this.#port = Number(new URL(url).port);
				clearTimeout(timer);
				resolve();
			});
		});
	}
}

/** The shipped file unless another program is named. */
function program(): string {
	if (process.env.OLHA_TEST_BINARY) return process.env.OLHA_TEST_BINARY;
	const kind = process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64';
	const published = join(__dirname, '../../../artifacts/publish', kind, 'olha');
	if (!existsSync(published))
		throw new Error('Nothing to test: run script/publish, or name the program in OLHA_TEST_BINARY.');
	return published;
}

function lanAddress(): string {
	const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
	const found = own.find(({ family, internal }) => family === 'IPv4' && !internal);
	if (!found) throw new Error('This machine has no address but the loopback one.');
	return found.address;
}
