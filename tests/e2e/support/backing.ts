import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const POSTGRES = '/usr/lib/postgresql';

// As Olha.Testing does it: a shell that heeds no signal and stops the server when these tests are gone, however they end.
const SERVE_POSTGRES = `
	set -e
	trap '' HUP INT TERM
	"$1/initdb" -D "$2/data" -U olha -A trust -N --no-instructions > "$2/initdb.log" 2>&1 || { cat "$2/initdb.log"; exit 1; }
	"$1/pg_ctl" -D "$2/data" -l "$2/log" -w start \\
		-o "-k '' -p $3 -c listen_addresses=127.0.0.1 -c fsync=off" > /dev/null 2>&1 || { cat "$2/log"; exit 1; }
	echo ready
	cat > /dev/null
	"$1/pg_ctl" -D "$2/data" -m immediate stop > /dev/null 2>&1
	rm -rf "$2"/*
`;

/** PostgreSQL from Debian's packages, or the one that OLHA_TEST_POSTGRES names. */
export class Postgres {
	#folder = mkdtempSync(join(tmpdir(), 'olha-e2e-postgres-'));
	#server: ChildProcess | undefined;
	#address = process.env.OLHA_TEST_POSTGRES ?? '';

	async start() {
		if (this.#address) return;
		const port = await freePort();
		const shell = ['sh', '-c', SERVE_POSTGRES, 'sh', programs(), this.#folder, String(port)];
		// It refuses to run as root.
		if (process.getuid?.() === 0) {
			chmodSync(this.#folder, 0o777);
			shell.unshift('setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups');
		}
		const [command, ...words] = shell;
		this.#server = spawn(command!, words, { cwd: this.#folder, stdio: ['pipe', 'pipe', 'inherit'] });
		const said: string[] = [];
		for await (const line of createInterface(this.#server.stdout!)) {
			if (line === 'ready') break;
			said.push(line);
		}
		if (this.#server.exitCode) throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`);
		this.#address = `postgres://olha@127.0.0.1:${port}`;
	}

	/** @returns the address of a fresh, empty database */
	newDatabase(): string {
		const name = `e2e_${randomUUID().replaceAll('-', '')}`;
		const made = spawnSync(join(programs(), 'psql'), [
			`--dbname=${this.#of('postgres')}`,
			`--command=CREATE DATABASE ${name}`
		]);
		if (made.status !== 0) throw new Error(`There is no new database: ${made.stderr.toString()}`);
		return this.#of(name);
	}

	async dispose() {
		if (this.#server) {
			const gone = once(this.#server, 'exit');
			this.#server.stdin!.end();
			await gone;
		}
		rmSync(this.#folder, { recursive: true, force: true });
	}

	#of(database: string) {
		const address = new URL(this.#address);
		address.pathname = `/${database}`;
		return address.href;
	}
}

/** An empty Redis from Debian's package. */
export class Redis {
	#server: ChildProcess | undefined;
	#port = 0;

	get address() {
		return `redis://127.0.0.1:${this.#port}`;
	}

	async start() {
		this.#port = await freePort();
		const settings = ['--port', String(this.#port), '--bind', '127.0.0.1', '--save', ''];
		const server = spawn('redis-server', settings, {
			cwd: tmpdir(),
			stdio: ['ignore', 'pipe', 'inherit']
		});
		this.#server = server;
		const end = () => server.kill('SIGKILL');
		process.once('exit', end);
		server.once('exit', () => process.off('exit', end));
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.once('exit', () => reject(new Error('Redis ended before it served.')));
			createInterface(server.stdout!).on('line', (line) => {
				if (line.includes('eady to accept connections')) resolve();
			});
		});
	}

	async dispose() {
		if (!this.#server || this.#server.exitCode !== null) return;
		const gone = once(this.#server, 'exit');
		this.#server.kill('SIGKILL');
		await gone;
	}
}

function programs(): string {
	const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
	const newest = versions.sort((a, b) => Number(a) - Number(b)).at(-1);
	if (!newest) throw new Error('Install PostgreSQL: apt-get install postgresql.');
	return join(POSTGRES, newest, 'bin');
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
