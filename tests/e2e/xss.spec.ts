import { ATTACKS } from './support/attacks';
import { expect, test, type Account, type ChatServer } from './support/test';
import { ChatWindow } from './support/window';

// Nothing is limited: what is tested is what is drawn.
test.use({ settings: { LIMIT_MESSAGES_PER_SECOND: '0', LIMIT_MESSAGE_BURST: '0' }, serviceWorkers: 'allow' });

/** Asks as somebody; the status is all that matters. */
async function ask(server: ChatServer, who: Account, method: string, path: string, body?: unknown) {
	const response = await fetch(`${server.origin}/api/v1${path}`, {
		method,
		headers: {
			authorization: `Bearer ${who.token}`,
			...(body === undefined ? {} : { 'content-type': 'application/json' })
		},
		body: body === undefined ? undefined : JSON.stringify(body)
	});
	await response.arrayBuffer();
	return response.status;
}

/** From now on all that runs, opens or breaks the content policy in a window is told. */
async function watch({ page, context }: ChatWindow) {
	const heard: string[] = [];
	await page.exposeFunction('xss', () => heard.push('executed'));
	await page.exposeFunction('reportViolation', (what: string) => heard.push(`policy: ${what}`));
	await page.addInitScript(() => {
		document.addEventListener('securitypolicyviolation', (event) => {
			const { reportViolation } = window as unknown as { reportViolation: (what: string) => void };
			reportViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
		});
	});
	page.on('dialog', (dialog) => {
		heard.push(`dialog: ${dialog.message()}`);
		void dialog.dismiss();
	});
	page.on('framenavigated', (frame) => {
		if (!frame.url().startsWith(new URL(page.url()).origin)) heard.push(`went to ${frame.url()}`);
	});
	context.on('page', (opened) => heard.push(`opened ${opened.url()}`));
	await page.reload();
	await expect(page.locator('main textarea')).toBeFocused();
	return heard;
}

/** Types each text into what has the focus, one after the other, as the page hears it. */
async function typeEach({ page }: ChatWindow, selector: string, texts: string[]) {
	await page.locator(selector).evaluate(async (field: HTMLInputElement | HTMLTextAreaElement, texts) => {
		const form = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
		const value = Object.getOwnPropertyDescriptor(form.prototype, 'value')!;
		for (const text of texts) {
			value.set!.call(field, text);
			field.dispatchEvent(new InputEvent('input', { bubbles: true, data: text }));
			await new Promise((done) => setTimeout(done));
		}
	}, texts);
}

test('what would be heard of an attack that worked is heard', async ({ server, browser }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const context = await browser.newContext({ baseURL: server.origin });
	await context.addCookies([{ name: 'olha_session', value: ana.token, url: server.origin }]);
	const window = new ChatWindow(await context.newPage());
	await window.open('/');
	const heard = await watch(window);
	await window.page.evaluate(() => {
		const row = document.createElement('div');
		document.body.append(row);
		row.setAttribute('style', 'color: red');
		try {
			row.innerHTML = '<img src=x onerror="xss()">';
		} catch {
			// Trusted Types: what throws here is told as well.
		}
		(window as unknown as { xss: () => void }).xss();
	});
	await expect
		.poll(() => heard.map((what) => what.split(' ', 2).join(' ')).sort())
		.toEqual(['executed', 'policy: require-trusted-types-for', 'policy: style-src-attr']);
	await context.close();
});

test('500 attacks written as messages, and as edits, are text and run nothing', async ({ server, open }) => {
	expect(ATTACKS.length).toBeGreaterThanOrEqual(500);
	const ana = await server.signUp('ana', 'Ana Lima');
	const general = await ana.general();
	const window = await open(ana);
	const heard = await watch(window);

	let accepted = 0;
	for (const [i, text] of ATTACKS.entries()) {
		const cid = `attack-${i}`;
		const post = await ask(server, ana, 'POST', `/rooms/${general}/messages`, { cid, body: text });
		if (post < 300) accepted++;
	}
	for (const text of ATTACKS.filter((_, i) => i % 5 === 0)) {
		const { seq } = await ana.post(general, 'before');
		await ask(server, ana, 'PATCH', `/rooms/${general}/messages/${seq}`, { body: text });
	}
	expect(accepted, 'attacks that may be said').toBeGreaterThan(490);

	// Up to where it began: every row is drawn on the way, as it comes from the server.
	await window.page.reload();
	await expect(window.composer).toBeFocused();
	const drawn = await window.log.evaluate(async (log) => {
		const seen = new Set<string>();
		const look = () =>
			log.querySelectorAll('[data-body]').forEach((body) => seen.add(body.textContent ?? ''));
		const scroller = [log, ...log.querySelectorAll('*'), log.parentElement!].find(
			(it) =>
				it.scrollHeight > it.clientHeight + 50 && /auto|scroll/.test(getComputedStyle(it).overflowY)
		)!;
		for (let still = 0; still < 40;) {
			const before = seen.size;
			scroller.scrollTop = Math.max(0, scroller.scrollTop - scroller.clientHeight * 0.8);
			await new Promise((done) => setTimeout(done, 25));
			look();
			still = seen.size === before ? still + 1 : 0;
		}
		return seen.size;
	});
	expect(drawn, 'different texts in the log').toBeGreaterThan(400);
	expect(
		await window.page
			.locator('main :is(script, iframe, object, embed, form[action], [onerror], [onload])')
			.count()
	).toBe(0);
	const links = await window.page
		.locator('main a')
		.evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).protocol));
	expect(new Set(links.filter((it) => !/^(https?|mailto):$/.test(it)))).toEqual(new Set());
	expect(heard).toEqual([]);
});

test('attacks as names, topics, statuses and the name of the server run nothing, live and afresh', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const general = await ana.general();
	await bruno.post(general, 'Olá @ana');
	const window = await open(ana);
	const heard = await watch(window);

	const worked = { name: 0, status: 0, topic: 0, server: 0, room: 0 };
	const count = (field: keyof typeof worked, status: number) => (worked[field] += status < 300 ? 1 : 0);
	for (const [i, text] of ATTACKS.entries())
		await Promise.all([
			ask(server, bruno, 'PATCH', '/me', { displayName: text }).then((status) => count('name', status)),
			ask(server, ana, 'PATCH', '/me', { status: text, pronouns: text.slice(0, 40) }).then((status) =>
				count('status', status)
			),
			ask(server, ana, 'PATCH', `/rooms/${general}`, { topic: text }).then((status) =>
				count('topic', status)
			),
			ask(server, ana, 'PATCH', '/settings', { name: text }).then((status) => count('server', status)),
			i % 4 === 0
				? ask(server, bruno, 'POST', '/rooms', {
						kind: 'open',
						name: text.slice(0, 60),
						topic: text.slice(0, 240)
					}).then((status) => count('room', status))
				: 0
		]);
	for (const field of Object.keys(worked) as (keyof typeof worked)[])
		expect(worked[field], field).toBeGreaterThan(60);

	// What is listed nowhere until it is asked for.
	const { page } = window;
	await page.reload();
	await expect(window.composer).toBeFocused();
	await page.keyboard.press('Control+k');
	await window.dialog.getByRole('combobox').fill('browse');
	await page.keyboard.press('Enter');
	await expect(window.dialog.getByText('xss').first()).toBeVisible();
	await page.keyboard.press('Escape');
	expect(heard).toEqual([]);
});

test('attacks typed into the composer and the switcher, and put into addresses, run nothing', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const window = await open(ana);
	const heard = await watch(window);
	const { page } = window;

	await typeEach(window, 'main textarea', ATTACKS);
	await window.composer.fill(ATTACKS[0]!);
	await page.reload(); // what has been begun comes back
	await expect(window.composer).toHaveValue(ATTACKS[0]!);
	await window.composer.fill('');

	await page.keyboard.press('Control+k');
	await expect(window.dialog).toBeVisible();
	await typeEach(window, '[role="dialog"] input', ATTACKS);
	await page.keyboard.press('Escape');

	for (const text of ATTACKS.filter((_, i) => i % 40 === 0)) {
		const part = encodeURIComponent(text);
		await page.goto(`/rooms/${part}?q=${part}&next=${part}#${part}`);
		await page.goto(`/${part}`);
	}
	expect(heard).toEqual([]);
});

test('the reference page needs nothing from outside and breaks no policy', async ({ server, browser }) => {
	const context = await browser.newContext({ baseURL: server.origin });
	const page = await context.newPage();
	const outside: string[] = [];
	const wrong: string[] = [];
	page.on('request', (request) => {
		if (!request.url().startsWith(server.origin) && !/^(data|blob):/.test(request.url()))
			outside.push(request.url());
	});
	page.on('console', (message) => {
		if (message.type() === 'error') wrong.push(message.text());
	});
	page.on('pageerror', (error) => wrong.push(error.message));
	await page.goto('/api/docs/');
	await expect(page.getByRole('link', { name: 'What the sign-in page needs' })).toBeVisible();
	expect(outside).toEqual([]);
	expect(wrong).toEqual([]);
	await context.close();
});

test('no attack is a reaction, and none becomes a user name that is more than letters', async ({
	server
}) => {
	const ana = await server.signUp('ana');
	const general = await ana.general();
	const { seq } = await ana.post(general, 'Olá');
	const taken = ATTACKS.filter((text) => /^[\w.-]{2,32}$/.test(text));
	for (const text of ATTACKS) {
		const reaction = ask(
			server,
			ana,
			'PUT',
			`/rooms/${general}/messages/${seq}/reactions/${encodeURIComponent(text)}`
		);
		expect(await reaction, text).toBeGreaterThanOrEqual(400);
		if (taken.includes(text)) continue;
		expect(
			await ask(server, ana, 'POST', '/users', { username: text, password: 'vento norte 7' }),
			text
		).toBe(400);
	}
});

test('somebody whose name is a property of every object is somebody like others', async ({
	server,
	open
}) => {
	const names = ['__proto__', 'constructor', 'toString'];
	const ana = await server.signUp('ana', 'Ana Lima');
	const general = await ana.general();
	const window = await open(ana);
	for (const name of names) await (await server.signUp(name)).post(general, `Olá @ana e @${name}`);
	for (const name of names) await expect(window.row(`Olá @ana e @${name}`)).toContainText(name);
});
