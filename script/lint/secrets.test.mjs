import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { secretsIn } from './secrets.mjs';

// Put together here, so that this file holds none.
const TOKEN = 'ghp_' + 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'.split('').reverse().join('');
const ELSEWHERE = 'postgres://olha:' + 'b8Xq2vTz@db.internal/olha';

let folder;
const git = (...args) =>
	execFileSync('git', ['-C', folder, '-c', 'user.name=ana', '-c', 'user.email=ana@example.org', ...args], {
		encoding: 'utf8'
	});
const write = (path, text) => writeFileSync(join(folder, path), text);
const commit = (message) => (git('add', '--all'), git('commit', '--quiet', '--message', message));

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'olha-secrets-'));
	git('init', '--quiet');
	write('read.me', 'Nothing here.\n');
	commit('Begin');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a repository without secrets has none', async () => {
	assert.deepEqual((await secretsIn(folder)).found, []);
	assert.ok((await secretsIn(folder)).files > 0);
});

test('a secret that was committed and taken out again is found, and not repeated', async () => {
	write('deploy.sh', `#!/bin/sh\nexport TOKEN=${TOKEN}\n`);
	commit('Deploy');
	write('deploy.sh', '#!/bin/sh\n');
	commit('Without it');

	const { found } = await secretsIn(folder);

	assert.match(found.join('\n'), /^deploy\.sh:2 \S+ \(github\), in the history as [0-9a-f]{12}$/);
	assert.ok(!found.join().includes(TOKEN));
});

test('a secret on another branch is found', async () => {
	git('checkout', '--quiet', '-b', 'other');
	write('settings', ELSEWHERE);
	commit('Settings');
	git('checkout', '--quiet', '-');

	assert.equal((await secretsIn(folder)).found.length, 1);
});

test('a secret that is not committed yet is found, unless git ignores its file', async () => {
	write('new.txt', TOKEN);
	write('.env', TOKEN);
	write('.gitignore', '.env\n');

	const { found } = await secretsIn(folder);

	assert.deepEqual(
		found.map((line) => line.split(' ')[0]),
		['new.txt:1']
	);
});

test('a private key is found', async () => {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	write('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));

	assert.equal((await secretsIn(folder)).found.length, 1);
});

test('passwords for this machine and for examples are none', async () => {
	write(
		'compose.yaml',
		['postgres://olha:b8Xq2vTz@127.0.0.1/olha', 'postgres://olha:b8Xq2vTz@db.example.org/olha'].join('\n')
	);

	assert.deepEqual((await secretsIn(folder)).found, []);
});
