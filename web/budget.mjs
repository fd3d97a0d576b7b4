// How much JavaScript has to come before a room can be read, compressed: fails when it is more than the budget.
// After `npm run build`; with --list it says what the largest files are.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUDGET_KB = 120;
const ROUTE = '/(in)/rooms/[roomId=id]';

const root = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const manifest = JSON.parse(
	readFileSync(join(root, '.svelte-kit/output/client/.vite/manifest.json'), 'utf8')
);
const generated = '.svelte-kit/generated/client-optimized';
const app = readFileSync(join(root, generated, 'app.js'), 'utf8');

// The page, its layouts, and the two that every page has: the root layout and the error page.
const line = app.split('\n').find((one) => one.includes(`"${ROUTE}"`));
if (!line) throw new Error(`There is no route ${ROUTE}.`);
const nodes = new Set([0, 1, ...line.slice(line.indexOf('": [')).match(/\d+/g).map(Number)]);

const entries = Object.keys(manifest).filter(
	(key) =>
		/runtime\/client\/entry\.js$/.test(key) ||
		key === `${generated}/app.js` ||
		[...nodes].some((node) => key === `${generated}/nodes/${node}.js`)
);
const files = new Set();
const follow = (key) => {
	const { file, imports = [] } = manifest[key];
	if (files.has(file)) return;
	files.add(file);
	imports.forEach(follow);
};
entries.forEach(follow);
// And the largest of the languages, of which one comes.
const size = (key) => statSync(join(root, 'build', `${manifest[key].file}.br`)).size;
follow(
	Object.keys(manifest)
		.filter((key) => key.startsWith('src/lib/paraglide/messages/'))
		.reduce((a, b) => (size(a) > size(b) ? a : b))
);

const kb = [...files].reduce((sum, file) => sum + statSync(join(root, 'build', `${file}.br`)).size, 0) / 1024;
console.log(
	`${kb.toFixed(1)} KB of JavaScript in ${files.size} files before a room can be read (budget: ${BUDGET_KB} KB)`
);
// What is fetched later comes without a style sheet of its own: one that fails to come would leave it bare until a reload.
const sheets = new Set(Object.values(manifest).flatMap(({ css = [] }) => css));
if (sheets.size > 1)
	console.log(`${sheets.size} style sheets, where one is wanted: ${[...sheets].join(', ')}`);
process.exitCode = kb > BUDGET_KB || sheets.size > 1 ? 1 : 0;
if (process.argv.includes('--list'))
	for (const file of [...files]
		.sort(
			(a, b) =>
				statSync(join(root, 'build', `${b}.br`)).size - statSync(join(root, 'build', `${a}.br`)).size
		)
		.slice(0, 14))
		console.log(
			`${(statSync(join(root, 'build', `${file}.br`)).size / 1024).toFixed(1).padStart(7)}  ${Object.values(manifest).find((one) => one.file === file).name}  ${file}`
		);
