// What the web app costs a person: how soon a room can be read, how it scrolls, how much has to be loaded first.
//   node bench/web/measure.mjs [PROGRAM]     the published file unless another is named; writes bench/results/web.md
// Needs what script/setup test installs. Leave the machine alone meanwhile.
import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { chromium } = createRequire(join(root, 'web/package.json'))('@playwright/test');
const program = process.argv[2] ?? join(root, 'artifacts/publish', readdirSync(join(root, 'artifacts/publish'))[0], 'olha');
const ROUNDS = 5;
const MANY = Number(process.env.MANY ?? 100_000);
const ROOMS = 30;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const percentile = (values, p) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];

const folder = mkdtempSync(join(tmpdir(), 'olha-web-'));
const server = spawn(program, {
	cwd: folder,
	env: {
		PATH: process.env.PATH, PORT: '0', BIND: '127.0.0.1', LOG_FORMAT: 'json',
		LIMIT_MESSAGES_PER_SECOND: '0', LIMIT_REGISTRATIONS_PER_HOUR: '0', LIMIT_LOGINS_PER_MINUTE: '0'
	},
	stdio: ['ignore', 'pipe', 'inherit']
});
// Whatever happens, nothing is left running.
process.on('exit', () => server.kill('SIGKILL'));

const origin = await new Promise((resolve) =>
	createInterface(server.stdout).on('line', (line) => {
		const url = line.startsWith('{') && JSON.parse(line).State?.Url;
		if (url) resolve(`http://localhost:${new URL(url).port}`);
	})
);

async function ask(method, path, body, token) {
	const response = await fetch(`${origin}/api/v1${path}`, {
		method,
		headers: {
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...(token ? { authorization: `Bearer ${token}` } : {})
		},
		body: body === undefined ? undefined : JSON.stringify(body)
	});
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
	return response.status === 204 ? undefined : response.json();
}

const signUp = (username) => ask('POST', '/users', { username, password: 'vento norte 7', bearer: true });
const words = 'o mar a rede vento norte chega cedo quem vem ao cais traz pão queijo e café para todos amanhã se não chover'.split(' ');
const text = (i) => Array.from({ length: 3 + ((i * 7) % 37) }, (_, k) => words[(i * 13 + k * 5) % words.length]).join(' ');

async function fill(roomId, people, count) {
	let next = 0;
	const work = async () => {
		while (next < count) {
			const i = next++;
			const who = people[Math.floor(i / 4) % people.length];
			await ask('POST', `/rooms/${roomId}/messages`, { cid: `m${String(i).padStart(9, '0')}-${roomId}`, body: text(i) }, who.token);
		}
	};
	await Promise.all(Array.from({ length: 16 }, work));
}

const people = [];
for (const name of ['ana', 'bruno', 'carla', 'davi']) people.push(await signUp(name));
const [ana] = people;
const room = (await ask('POST', '/rooms', { kind: 'open', name: 'Muitas' }, ana.token)).roomId;
for (const other of people.slice(1)) await ask('POST', `/rooms/${room}/join`, undefined, other.token);
for (let i = 0; i < ROOMS; i++) {
	const one = (await ask('POST', '/rooms', { kind: 'open', name: `Sala ${i}` }, ana.token)).roomId;
	await fill(one, [ana], 60);
}
await fill(room, people, MANY);
const { mark, lastSeq } = await ask('GET', `/rooms/${room}`, undefined, ana.token);
await ask('PUT', `/rooms/${room}/read`, { mark: lastSeq, replaces: mark }, ana.token);

const browser = await chromium.launch({
	executablePath: process.env.OLHA_TEST_CHROMIUM ?? '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
});

async function context() {
	const made = await browser.newContext({ baseURL: origin, viewport: { width: 1280, height: 800 } });
	await made.addCookies([{ name: 'olha_session', value: ana.token, url: origin }]);
	// The moment at which the first message can be read, since the page was asked for.
	await made.addInitScript(() => {
		const look = () => {
			const row = document.querySelector('[role="log"] article');
			if (row && row.checkVisibility({ visibilityProperty: true })) window.readableAt = performance.now();
			else requestAnimationFrame(look);
		};
		requestAnimationFrame(look);
	});
	return made;
}

const readable = (page) => page.waitForFunction(() => window.readableAt).then((handle) => handle.jsonValue());

// What has to come before a room can be read, on a device that was never here.
async function first() {
	const made = await context();
	const page = await made.newPage();
	const cdp = await made.newCDPSession(page);
	await cdp.send('Network.enable');
	let script = 0;
	let style = 0;
	let counting = true;
	const kinds = new Map();
	cdp.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
	cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
		if (!counting) return;
		if (kinds.get(requestId) === 'Script') script += encodedDataLength;
		if (kinds.get(requestId) === 'Stylesheet') style += encodedDataLength;
	});
	await page.goto(`/rooms/${room}`);
	const at = await readable(page);
	counting = false;
	await made.close();
	return { at, script, style };
}

// The same device again.
async function again() {
	const made = await context();
	const page = await made.newPage();
	await page.goto(`/rooms/${room}`);
	await readable(page);
	await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
	await page.waitForTimeout(1500);
	const times = [];
	for (let round = 0; round < ROUNDS; round++) {
		await page.goto('about:blank');
		await page.goto(`/rooms/${room}`);
		times.push(await readable(page));
	}
	// And without a server: the program and the messages are on the device.
	await made.setOffline(true);
	const offline = [];
	for (let round = 0; round < ROUNDS; round++) {
		await page.goto('about:blank');
		await page.goto(`/rooms/${room}`);
		offline.push(await readable(page));
	}
	await made.close();
	return { times, offline };
}

// Up through the room with the wheel for some seconds: the time from frame to frame.
async function scroll() {
	const made = await context();
	const page = await made.newPage();
	await page.goto(`/rooms/${room}`);
	await readable(page);
	await page.mouse.move(640, 400);
	await page.evaluate(() => {
		window.frames_ = [];
		let last = performance.now();
		const tick = (now) => {
			window.frames_.push(now - last);
			last = now;
			if (!window.stop_) requestAnimationFrame(tick);
		};
		requestAnimationFrame(tick);
	});
	const end = Date.now() + 8_000;
	while (Date.now() < end) {
		await page.mouse.wheel(0, -240);
		await page.waitForTimeout(16);
	}
	const frames = await page.evaluate(() => ((window.stop_ = true), window.frames_));
	const rows = await page.evaluate(() => document.querySelectorAll('[role="log"] article').length);
	const top = await page.evaluate(() => Number(document.querySelector('[role="log"] article')?.dataset.seq));
	await made.close();
	return { frames: frames.slice(5), rows, passed: lastSeq - top };
}

// From a click in the list to the other room's first message.
async function switching() {
	const made = await context();
	const page = await made.newPage();
	await page.goto(`/rooms/${room}`);
	await readable(page);
	const times = [];
	const visit = async (name) => {
		const at = await page.evaluate(async (name) => {
			const link = [...document.querySelectorAll('nav a')].find((one) => one.textContent.includes(name));
			const begin = performance.now();
			link.click();
			for (;;) {
				await new Promise(requestAnimationFrame);
				const row = document.querySelector('[role="log"] article');
				const shown = document.querySelector('h1')?.textContent.includes(name);
				if (shown && row?.checkVisibility({ visibilityProperty: true })) return performance.now() - begin;
			}
		}, name);
		times.push(at);
	};
	for (let i = 0; i < 10; i++) await visit(`Sala ${i}`);
	const cold = times.splice(0);
	for (let i = 0; i < 10; i++) await visit(`Sala ${i}`);
	await made.close();
	return { cold, warm: times };
}

const firsts = [];
for (let round = 0; round < ROUNDS; round++) firsts.push(await first());
const { times, offline } = await again();
const scrolled = await scroll();
const switched = await switching();
await browser.close();
server.kill('SIGTERM');
await once(server, 'exit');
rmSync(folder, { recursive: true, force: true });

const ms = (value) => `${value.toFixed(0)} ms`;
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const report = `# What the web app costs

${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit}, ${cpus().length} cores of ${cpus()[0].model.trim()}, Chromium ${browser.version()} without a
graphics card, server and browser on the same cores. \`node bench/web/measure.mjs\`; medians of ${ROUNDS}.

| | | goal |
|---|--:|--:|
| JavaScript that came before a room could be read, compressed, with what is fetched ahead (`web/budget.mjs` counts without) | ${(median(firsts.map((it) => it.script)) / 1024).toFixed(1)} KB | ≤ 120 KB |
| Styles | ${(median(firsts.map((it) => it.style)) / 1024).toFixed(1)} KB | |
| First visit, to a room of ${MANY.toLocaleString('en')} messages that can be read | ${ms(median(firsts.map((it) => it.at)))} | |
| Later visits | ${ms(median(times))} | ≤ 300 ms |
| Later visits without a network | ${ms(median(offline))} | |
| Another room, looked at for the first time | ${ms(median(switched.cold))} | |
| Another room, looked at before | ${ms(median(switched.warm))} | |
| Scrolling up through ${scrolled.passed.toLocaleString('en')} messages: frame p50 / p95 / p99 / most | ${[0.5, 0.95, 0.99, 1].map((p) => percentile(scrolled.frames, p).toFixed(1)).join(' / ')} ms | |
| Rows in the page meanwhile | ${scrolled.rows} | |
`;
writeFileSync(join(root, 'bench/results/web.md'), report);
console.log(report);
