// Looks for secrets in every version of every file that git knows, and in what is about to be committed.
// usage: node secrets.mjs [repository]
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A password for this machine, or for a name that is kept for examples, opens nothing. */
const NOWHERE = String.raw`/@(localhost|127\.0\.0\.1|\[::1\]|[\w.-]*example\.(com|net|org))/`;

// Secretlint measures itself, and looks through all earlier measures at each: a minute for a few thousand files, instead of a second.
performance.mark = () => {};

const rules = [
	{
		id: '@secretlint/secretlint-rule-preset-recommend',
		rule: creator,
		rules: [
			{ id: '@secretlint/secretlint-rule-database-connection-string', options: { allows: [NOWHERE] } }
		]
	}
];

/**
 * What was found, a line each: where, and which rule. Never the secret itself.
 * @param {string} repository
 * @returns {Promise<{ found: string[], files: number }>} files: how many texts were looked at
 */
export async function secretsIn(repository) {
	const found = [];
	let files = 0;
	async function look(path, bytes, where) {
		if (bytes.subarray(0, 8000).includes(0)) return; // no text, as git decides it
		files++;
		const { messages } = await lintSource({
			source: { filePath: path, content: bytes.toString(), contentType: 'text', ext: extname(path) },
			options: { config: { rules }, maskSecrets: true }
		});
		for (const { loc, ruleId, messageId } of messages)
			found.push(`${path}:${loc.start.line} ${messageId} (${ruleId.split('-rule-')[1]})${where}`);
	}

	const tracked = (
		await git(repository, ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
	).toString();
	for (const path of new Set(tracked.split('\0').filter(Boolean))) {
		const bytes = await readFile(join(repository, path)).catch(() => undefined); // deleted, or a folder
		if (bytes) await look(path, bytes, '');
	}

	// Each version once, under the first of its names.
	const listed = (await git(repository, ['rev-list', '--objects', '--all'])).toString();
	const paths = new Map(
		listed.split('\n').flatMap((line) => (line[40] === ' ' ? [[line.slice(0, 40), line.slice(41)]] : []))
	);
	const store = await git(repository, ['cat-file', '--batch', '--buffer'], [...paths.keys()].join('\n'));
	for (let at = 0; at < store.length;) {
		const end = store.indexOf(10, at);
		const [name, type, size] = store.subarray(at, end).toString().split(' ');
		const bytes = store.subarray(end + 1, end + 1 + Number(size));
		if (type === 'blob') await look(paths.get(name), bytes, `, in the history as ${name.slice(0, 12)}`);
		at = end + 2 + Number(size);
	}
	return { found: [...new Set(found)], files };
}

function git(repository, args, input = '') {
	return new Promise((done, failed) => {
		const child = spawn('git', ['-C', repository, '-c', `safe.directory=${repository}`, ...args], {
			stdio: ['pipe', 'pipe', 'inherit']
		});
		const parts = [];
		child.stdout.on('data', (part) => parts.push(part));
		child.on('error', failed);
		child.on('close', (code) =>
			code === 0 ? done(Buffer.concat(parts)) : failed(new Error(`git ${args[0]} ended with ${code}`))
		);
		child.stdin.on('error', () => {}); // said by the exit code
		child.stdin.end(input);
	});
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const { found, files } = await secretsIn(process.argv[2] ?? process.cwd());
	for (const line of found) console.error(line);
	console.log(`secrets: ${found.length} found in ${files} versions of files`);
	process.exitCode = found.length > 0 || files === 0 ? 1 : 0;
}
