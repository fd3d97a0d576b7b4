import { isSound } from './support/sound';
import { expect, test, type Account, type ChatServer, type ChatWindow } from './support/test';

// Who fills a list is not held back.
test.use({ settings: { LIMIT_MESSAGES_PER_SECOND: '0' } });

test('the inbox is walked by keyboard: rooms to read, mentions, replies and what is saved', async ({
	server,
	open
}) => {
	const { ana, bruno, general, garden } = await people(server);
	const question = await ana.post(general, 'quem vem?');
	await bruno.answer(general, question.seq, 'eu vou');
	await bruno.post(garden, 'brotou!');
	const window = await open(ana, { path: `/rooms/${await ana.createRoom('Ateliê')}` });
	const { page } = window;
	const { keyboard } = page;
	await expect(window.sidebar.getByRole('link', { name: /^Inbox/ })).toContainText('1 mention');
	await expect(window.composer).toBeFocused();

	await keyboard.press('Control+Shift+a');
	await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeFocused();
	await expect(page).toHaveTitle('(2) Inbox · Olha Mensagem');
	await expect(items(window)).toHaveCount(2);
	await expect(items(window).nth(0)).toContainText('General');
	await expect(items(window).nth(0)).toContainText('1 mention');
	await expect(items(window).nth(1)).toContainText('Jardim');

	// What is read goes, and whoever stood on it stands on the next.
	await keyboard.press('ArrowDown');
	await expect(link(window, 'General')).toBeFocused();
	await keyboard.press('j');
	await expect(link(window, 'Jardim')).toBeFocused();
	await keyboard.press('k');
	await keyboard.press('m');
	await expect(items(window)).toHaveCount(1);
	await expect(link(window, 'Jardim')).toBeFocused();
	await expect(window.roomLink('General')).not.toContainText('mention');
	await keyboard.press('Enter');
	await window.shows('brotou!');

	// The answer means her, and is in both lists. Opening it and coming back leads to where she was.
	await keyboard.press('Control+Shift+a');
	await expect(page.getByText('All read.')).toBeVisible();
	for (const list of ['Mentions', 'Replies']) {
		await keyboard.press('ArrowRight');
		await expect(page.getByRole('tab', { name: list })).toBeFocused();
		await expect(page.getByRole('tab', { name: list, selected: true })).toBeVisible();
		await expect(items(window)).toHaveCount(1);
		await keyboard.press('ArrowDown');
		await expect(link(window, 'Bruno Reis in General: eu vou')).toBeFocused();
	}
	await keyboard.press('Enter');
	await expect(window.row('eu vou')).toBeFocused();
	await keyboard.press('s');
	await page.goBack();
	await expect(page.getByRole('tab', { name: 'Replies', selected: true })).toBeVisible();
	await expect(link(window, 'Bruno Reis in General: eu vou')).toBeFocused();

	await keyboard.press('ArrowRight');
	await expect(page.getByRole('tab', { name: 'Saved', selected: true })).toBeVisible();
	await expect(items(window)).toHaveCount(1);
	await keyboard.press('ArrowDown');
	await expect(link(window, 'Bruno Reis in General: eu vou')).toBeFocused();
	await keyboard.press('s');
	await expect(page.getByText('Nothing saved')).toBeVisible();
	await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeFocused();
});

test('mentions come and go while the list is open, and nobody loses their place', async ({
	server,
	open
}) => {
	const { ana, bruno, general, garden } = await people(server);
	const first = await bruno.post(general, 'primeira @ana');
	await bruno.post(garden, 'segunda @ana');
	const window = await open(ana, { path: '/inbox?list=mentions' });
	const { keyboard } = window.page;
	await expect(items(window)).toHaveCount(2);
	await expect(items(window).nth(0)).toContainText('segunda @ana');
	await keyboard.press('j');
	await keyboard.press('j');
	await expect(link(window, 'primeira')).toBeFocused();

	await bruno.post(garden, 'terceira @room');
	await expect(items(window)).toHaveCount(3);
	await expect(items(window).nth(0)).toContainText('terceira');
	await expect(link(window, 'primeira')).toBeFocused();

	await bruno.edit(general, first.seq, 'primeira, com outras palavras, @ana');
	await expect(link(window, 'com outras palavras')).toBeFocused();

	// Read or not, what is deleted is nowhere any more.
	await ana.read(general);
	await bruno.delete(general, first.seq);
	await expect(items(window)).toHaveCount(2);
	await expect(window.page.getByRole('main')).not.toContainText('primeira');
	await expect(link(window, 'segunda')).toBeFocused();
	await window.page.reload();
	await expect(items(window)).toHaveCount(2);
});

test('a message that is edited comes into the list and leaves it, read or not, wherever it stands', async ({
	server,
	open
}) => {
	const { ana, bruno, general, garden } = await people(server);
	const first = await bruno.post(general, 'primeira');
	const second = await bruno.post(garden, 'segunda @ana');
	const third = await bruno.post(garden, 'terceira');
	for (const room of [general, garden]) await ana.read(room);
	const window = await open(ana, { path: '/inbox?list=mentions' });
	await expect(items(window)).toHaveCount(1);

	await bruno.edit(general, first.seq, 'primeira @ana');
	await bruno.edit(garden, third.seq, 'terceira @room');
	await expect(items(window)).toHaveCount(3);
	for (const [place, text] of ['terceira', 'segunda', 'primeira'].entries())
		await expect(items(window).nth(place)).toContainText(text);

	await window.page.keyboard.press('j');
	await window.page.keyboard.press('j');
	await expect(link(window, 'segunda')).toBeFocused();
	await bruno.edit(garden, second.seq, 'segunda, sem nome');
	await expect(items(window)).toHaveCount(2);
	await expect(link(window, 'primeira')).toBeFocused();
	await bruno.edit(general, first.seq, 'primeira');
	await expect(items(window)).toHaveCount(1);
	await expect(link(window, 'terceira')).toBeFocused();
});

test('a mention that came while there was no connection is there after it', async ({ server, open }) => {
	const { ana, bruno, general } = await people(server);
	const gone = await bruno.post(general, 'apagada depois @ana');
	await bruno.post(general, 'fica @ana');
	const window = await open(ana, { path: '/inbox?list=mentions' });
	await expect(items(window)).toHaveCount(2);
	await server.kill();
	await expect(window.connectionLine).toHaveText(/No connection/);
	await server.elsewhere(async () => {
		await bruno.delete(general, gone.seq);
		await bruno.post(general, 'nova @ana');
	});
	await server.start();
	await window.wake();
	await expect(items(window).nth(0)).toContainText('nova @ana');
	await expect(items(window)).toHaveCount(2);
	await expect(items(window).nth(1)).toContainText('fica @ana');
});

test('everything is marked read with one key, on every device, and the undo brings it back', async ({
	server,
	open
}) => {
	const { ana, bruno, general, garden } = await people(server);
	await bruno.post(general, 'um');
	await bruno.post(garden, 'dois @ana');
	await bruno.post(garden, 'três');
	const quiet = await ana.createRoom('Ateliê');
	const laptop = await open(ana, { path: `/rooms/${quiet}` });
	const phone = await open(await ana.signInAgain(), { path: `/rooms/${quiet}` });
	const asBefore = async () => {
		for (const device of [laptop, phone]) {
			await expect(device.roomLink('General')).toContainText('1 unread message');
			await expect(device.roomLink('Jardim')).toContainText('1 mention');
		}
	};
	const allRead = async () => {
		for (const device of [laptop, phone])
			await expect(device.sidebar).not.toContainText(/unread|\d mention/);
	};
	await asBefore();

	await expect(laptop.composer).toBeFocused();
	await laptop.page.keyboard.press('Shift+Escape');
	await allRead();
	await expect(laptop.page.getByText('2 rooms marked as read.')).toBeVisible();
	await expect(laptop.composer).toBeFocused();
	await laptop.page.keyboard.press('Control+z');
	await asBefore();
	await expect(laptop.page.getByText('2 rooms are as they were before.')).toBeVisible();

	// From the inbox, with the pointer.
	await phone.sidebar.getByRole('link', { name: /^Inbox/ }).click();
	await expect(items(phone)).toHaveCount(2);
	await phone.page.getByRole('button', { name: 'Mark everything read' }).click();
	await expect(phone.page.getByText('All read.')).toBeVisible();
	await allRead();
	await phone.page.getByRole('button', { name: 'Undo' }).click();
	await asBefore();
	await expect(items(phone)).toHaveCount(2);
	await expect(items(phone).nth(0)).toContainText('Jardim');

	// What was read on another device in the meantime stays read.
	await laptop.page.keyboard.press('Shift+Escape');
	await allRead();
	await bruno.post(general, 'quatro');
	await expect(laptop.roomLink('General')).toContainText('1 unread message');
	await ana.read(general);
	await allRead();
	await laptop.page.getByRole('button', { name: 'Undo' }).click();
	await expect(laptop.roomLink('Jardim')).toContainText('1 mention');
	await expect(laptop.roomLink('General')).not.toContainText('unread');
});

test('Control and Z stay with the text that is being written', async ({ server, open }) => {
	const { ana, bruno, garden } = await people(server);
	await bruno.post(garden, 'dois');
	const window = await open(ana);
	await expect(window.roomLink('Jardim')).toContainText('1 unread message');
	await window.composer.pressSequentially('rascunho');
	await window.page.keyboard.press('Shift+Escape');
	await expect(window.roomLink('Jardim')).not.toContainText('unread');
	await expect(window.composer).toHaveValue('rascunho');
	await window.page.keyboard.press('Control+z');
	await expect(window.composer).not.toHaveValue('rascunho');
	await expect(window.page.getByText('1 room marked as read.')).toBeVisible();
	await window.page.getByRole('button', { name: 'Undo' }).click();
	await expect(window.roomLink('Jardim')).toContainText('1 unread message');
});

test('the latest room comes first, also when news comes, and muted ones do not come', async ({
	server,
	open
}) => {
	const { ana, bruno, general, garden } = await people(server);
	const workshop = await ana.createRoom('Oficina');
	await bruno.join(workshop);
	await bruno.post(garden, 'um');
	await bruno.post(workshop, 'dois');
	await bruno.post(general, 'três');
	const muted = await ana.createRoom('Beco');
	await bruno.join(muted);
	const window = await open(ana, { path: `/rooms/${muted}` });
	await window.page.getByRole('button', { name: /^Notifications:/ }).click();
	await window.page.getByRole('menuitem', { name: 'Nothing', exact: true }).click();
	await window.sidebar.getByRole('link', { name: /^Inbox/ }).click();
	await bruno.post(muted, 'baixinho');
	const order = () =>
		items(window)
			.getByRole('link')
			.evaluateAll((links) => links.map((one) => one.ariaLabel));
	await expect.poll(order).toEqual(['General', 'Oficina', 'Jardim']);
	await window.page.keyboard.press('ArrowDown');
	await window.page.keyboard.press('ArrowDown');
	await expect(link(window, 'Oficina')).toBeFocused();
	await bruno.post(garden, 'quatro');
	await expect.poll(order).toEqual(['Jardim', 'General', 'Oficina']);
	await expect(link(window, 'Oficina')).toBeFocused();
	await bruno.post(workshop, 'cinco @ana');
	await expect.poll(order).toEqual(['New: Oficina', 'Jardim', 'General']);
	await expect(link(window, 'Oficina')).toBeFocused();
});

test('more than thirty mentions are loaded as one goes down, and the place is kept', async ({
	server,
	open
}) => {
	const { ana, bruno, general } = await people(server);
	for (let i = 1; i <= 70; i++) await bruno.post(general, `menção ${i} @ana`);
	const window = await open(ana, { path: '/inbox?list=mentions' });
	const { keyboard } = window.page;
	await expect(items(window)).toHaveCount(30);
	let answer = () => {};
	const answered = new Promise<void>((resolve) => (answer = resolve));
	await window.page.route(/\/me\/mentions\?before=/, async (route) => {
		await answered;
		await route.continue();
	});
	for (let i = 70; i >= 1; i--) {
		await keyboard.press('j');
		// Whoever is faster than the next page gets there when it comes.
		if (i === 40) answer();
		await expect(link(window, `menção ${i} @ana`)).toBeFocused();
	}
	await expect(items(window)).toHaveCount(70);
	await expect(window.page.getByRole('button', { name: 'Show more' })).toHaveCount(0);
	await expect(link(window, 'menção 1 @ana')).toBeInViewport();

	for (let i = 0; i < 20; i++) await keyboard.press('k');
	await expect(link(window, 'menção 21 @ana')).toBeFocused();
	const top = await window.page.getByRole('tabpanel').evaluate(({ scrollTop }) => scrollTop);
	await keyboard.press('Enter');
	await expect(window.page).toHaveURL(/\/rooms\/\d+\?at=\d+$/);
	await expect(window.rows).not.toHaveCount(0);
	await window.sidebar.getByRole('link', { name: /^Inbox/ }).click();
	await expect(link(window, 'menção 21 @ana')).toBeFocused();
	await expect(link(window, 'menção 21 @ana')).toBeInViewport();
	expect(await window.page.getByRole('tabpanel').evaluate(({ scrollTop }) => scrollTop)).toBe(top);
});

test('on a phone the inbox is a page of its own, with a way back', async ({ server, open }) => {
	const { ana, bruno, general, garden } = await people(server);
	await bruno.post(garden, 'brotou!');
	await bruno.post(general, `${'umapalavracompridademais'.repeat(12)} @ana`);
	const window = await open(ana, { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true });
	const { page } = window;
	const asWideAsTheScreen = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
	const inbox = window.sidebar.getByRole('link', { name: /^Inbox/ });
	for (const target of [inbox, window.sidebar.getByRole('button', { name: 'Go to…' })])
		expect((await target.boundingBox())!.height).toBeGreaterThanOrEqual(44);
	await inbox.tap();
	await expect(items(window)).toHaveCount(2);
	await expect(window.sidebar).toBeHidden();
	expect(await asWideAsTheScreen()).toBe(true);
	for (const target of await page.getByRole('main').getByRole('button').all())
		expect((await target.boundingBox())!.height).toBeGreaterThanOrEqual(44);
	await page.getByRole('tab', { name: 'Mentions' }).tap();
	await expect(items(window)).toHaveCount(1);
	expect(await asWideAsTheScreen()).toBe(true);
	await link(window, 'umapalavra').tap();
	await expect(window.row('umapalavra')).toBeVisible();
	await page.goBack();
	await expect(items(window)).toHaveCount(1);
	await page.getByRole('link', { name: 'Back to the rooms' }).tap();
	await expect(window.roomLink('Jardim')).toBeVisible();
});

for (const theme of ['light', 'dark'] as const)
	test(`axe finds nothing in the inbox, ${theme}`, async ({ server, open }) => {
		const { ana, bruno, general, garden } = await people(server);
		const question = await ana.post(general, 'quem vem?');
		await bruno.answer(general, question.seq, 'eu vou: https://example.org');
		await bruno.post(garden, 'brotou!');
		const window = await open(ana, { colorScheme: theme, path: '/inbox' });
		await expect(items(window)).toHaveCount(2);
		await isSound(window);
		for (const [list, count] of [
			['Mentions', 1],
			['Replies', 1],
			['Saved', 0]
		] as const) {
			await window.page.getByRole('tab', { name: list }).click();
			await expect(items(window)).toHaveCount(count);
			await isSound(window);
		}
		await expect(window.page.getByText('Nothing saved')).toBeVisible();
		await window.page.keyboard.press('Shift+Escape');
		await expect(window.page.getByRole('button', { name: 'Undo' })).toBeVisible();
		await isSound(window);
	});

async function people(server: ChatServer) {
	const ana: Account = await server.signUp('ana', 'Ana Lima');
	const bruno: Account = await server.signUp('bruno', 'Bruno Reis');
	const garden = await ana.createRoom('Jardim');
	await bruno.join(garden);
	return { ana, bruno, general: await ana.general(), garden };
}

const items = ({ page }: ChatWindow) => page.getByRole('tabpanel').getByRole('listitem');

/** What opens an item, by what it is called. */
const link = (window: ChatWindow, name: string) => items(window).getByRole('link', { name });
