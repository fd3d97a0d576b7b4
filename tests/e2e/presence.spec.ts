import { expect, test, type ChatWindow } from './support/test';

const FIVE_MINUTES = 5 * 60_000;

test('somebody who touches nothing for five minutes is away, and back with the next input', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const direct = await bruno.openDirect(ana);
	const brunos = await open(bruno, { path: `/rooms/${direct}` });
	const anas = await open(ana, { path: '/favicon.svg' });
	await anas.page.clock.install();
	await anas.open('/');
	await expect(anas.composer).toBeVisible();
	const line = brunos.page.locator('header').getByText(/^(online|away|offline|last seen)/);
	await expect(line).toHaveText('online');
	await expect(brunos.roomLink('Ana Lima')).toContainText('online');

	await anas.page.mouse.move(100, 100);
	await anas.page.clock.runFor(FIVE_MINUTES - 10_000);
	await anas.page.mouse.move(200, 200);
	await anas.page.clock.runFor(FIVE_MINUTES - 10_000);
	await expect(line).toHaveText('online');
	await anas.page.clock.runFor(20_000);
	await anas.wake();
	await expect(line).toHaveText('away');
	await expect(brunos.roomLink('Ana Lima')).toContainText('away');

	await anas.page.mouse.move(300, 300);
	await expect(line).toHaveText('online');
});

test('who works in one window is not away because of another one, and who has closed all was seen last', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const direct = await bruno.openDirect(ana);
	const brunos = await open(bruno, { path: `/rooms/${direct}` });
	const idle = await open(ana, { path: '/favicon.svg' });
	await idle.page.clock.install();
	await idle.open('/');
	const busy = await open(await ana.signInAgain());
	for (const { composer } of [idle, busy]) await expect(composer).toBeVisible();
	const line = brunos.page.locator('header').getByText(/^(online|away|offline|last seen)/);
	await idle.page.clock.runFor(FIVE_MINUTES + 1_000);
	// Its five minutes were a moment for the server, in which no beat came: the window has dialled again.
	await idle.wake();
	await bruno.post(await bruno.general(), 'aqui');
	await idle.shows('aqui');
	await expect(line).toHaveText('online');

	await busy.page.close();
	await expect(line).toHaveText('away');
	await idle.page.close();
	await expect(line).toHaveText(/^last seen \d/);
});

test('a window that comes back to the server idle says so again', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const direct = await bruno.openDirect(ana);
	const brunos = await open(bruno, { path: `/rooms/${direct}` });
	const anas = await open(ana, { path: '/favicon.svg' });
	await anas.page.clock.install();
	await anas.open('/');
	await expect(anas.composer).toBeVisible();
	await anas.page.clock.runFor(FIVE_MINUTES + 1_000);
	await anas.wake();
	const line = brunos.page.locator('header').getByText(/^(online|away|offline|last seen)/);
	await expect(line).toHaveText('away');

	await server.kill();
	await server.start();
	for (const window of [anas, brunos]) await window.wake();
	await expect(line).toHaveText('away');
	// Not only from before: what Ana says of herself is the server's word, too.
	await expect.poll(async () => (await bruno.presenceOf(ana)).state).toBe('away');
});

test('a status is written in the profile, seen by the others, and cleared again', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const direct = await bruno.openDirect(ana);
	const brunos = await open(bruno, { path: `/rooms/${direct}` });
	const anas = await open(ana);
	await setStatus(anas, ' 🌴 de férias até segunda ');
	await expect(anas.page.getByText('Saved.')).toBeVisible();
	await expect(brunos.page.locator('header')).toContainText('🌴 de férias até segunda');
	await brunos.page.getByRole('button', { name: 'About this room' }).click();
	await expect(brunos.page.getByRole('listitem').filter({ hasText: '@ana' })).toContainText(
		'🌴 de férias até segunda'
	);

	await anas.page.getByLabel('Status').fill('🌊'.repeat(101));
	await expect(anas.page.getByText('at most 100 characters')).toBeVisible();
	await expect(anas.page.getByRole('button', { name: 'Save' })).toBeDisabled();
	await setStatus(anas, '');
	await expect(brunos.page.locator('header')).not.toContainText('férias');
});

async function setStatus(window: ChatWindow, status: string) {
	const { page } = window;
	if (!(await page.getByLabel('Status').isVisible())) await window.settings();
	await page.getByLabel('Status').fill(status);
	await page.getByRole('button', { name: 'Save' }).click();
}
