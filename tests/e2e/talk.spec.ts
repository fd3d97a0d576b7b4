import { FOR_OTHERS } from './support/server';
import { expect, test, type ChatWindow } from './support/test';

test.use({ settings: FOR_OTHERS, serviceWorkers: 'allow' });

test('two windows talk, and find everything again after a reload and a killed server', async ({
	server,
	open
}) => {
	const ana = await open(null);
	await signUp(ana, 'ana', 'Ana Lima');
	const bruno = await open(null, { origin: server.lanOrigin, path: '/sign-up' });
	await signUp(bruno, 'bruno', 'Bruno Reis');
	const both = [ana, bruno];
	expect(await ana.page.evaluate(() => isSecureContext)).toBe(true);
	expect(await bruno.page.evaluate(() => isSecureContext)).toBe(false);

	await ana.say('Olá, tem alguém aí?');
	await expect(bruno.row('Olá, tem alguém aí?')).toHaveAccessibleName('Message by Ana Lima');
	await bruno.say('Tem sim! Acabei de chegar.');
	await expect(ana.row('Tem sim!')).toHaveAccessibleName('Message by Bruno Reis');
	await ana.say('Que bom 🌊');
	const talk = ['Olá, tem alguém aí?', 'Tem sim! Acabei de chegar.', 'Que bom 🌊'];
	for (const window of both) await window.shows(...talk);

	for (const window of both) await window.page.reload();
	for (const window of both) await window.shows(...talk);

	await server.kill();
	for (const window of both) await expect(window.connectionLine).toHaveText(/No connection/);
	await server.start();
	for (const window of both) await expect(window.connectionLine).toBeEmpty();
	for (const window of both) await window.shows(...talk);

	await bruno.say('Caiu, mas voltou.');
	for (const window of both) await window.shows(...talk, 'Caiu, mas voltou.');
	for (const window of both) await window.page.reload();
	for (const window of both) await window.shows(...talk, 'Caiu, mas voltou.');
});

test('what is sent while the server is down waits, and is said once when it is back', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const general = await ana.general();
	const anas = await open(ana);
	const brunos = await open(bruno, { origin: server.lanOrigin });
	await anas.say('antes');
	await brunos.shows('antes');
	await anas.settled();

	await server.kill();
	await expect(anas.connectionLine).toHaveText(/No connection/);
	await anas.say('durante 1');
	await anas.say('durante 2');
	await expect(anas.row('durante 1')).toContainText('Sending');
	await expect(anas.connectionLine).toContainText('2 messages waiting.');
	await anas.shows('antes', 'durante 1', 'durante 2');

	await server.start();
	for (const window of [anas, brunos]) await window.shows('antes', 'durante 1', 'durante 2');
	await anas.settled();
	expect(await bruno.said(general)).toEqual(['antes', 'durante 1', 'durante 2']);
});

for (const from of ['this machine', 'another address'] as const) {
	test(`what waits survives a reload, from ${from}`, async ({ server, open }) => {
		const ana = await server.signUp('ana');
		const general = await ana.general();
		const window = await open(ana, { origin: from === 'this machine' ? undefined : server.lanOrigin });
		await window.say('antes');
		await window.shows('antes');
		await window.settled();
		expect(await ana.said(general)).toEqual(['antes']);
		await window.page.evaluate(() => navigator.serviceWorker?.ready.then(() => {}));

		await server.kill();
		await expect(window.connectionLine).toHaveText(/No connection/);
		await window.say('durante 1');
		await window.say('durante 2');
		await expect(window.connectionLine).toContainText('2 messages waiting.');
		const address = window.page.url();
		// Only a secure context keeps the page itself on the device; elsewhere it is loaded when the server is back.
		if (from === 'this machine') await window.page.reload();
		else await expect(window.page.reload()).rejects.toThrow('ERR_CONNECTION_REFUSED');

		await server.start();
		await window.open(address);
		await window.shows('antes', 'durante 1', 'durante 2');
		await window.settled();
		expect(await ana.said(general)).toEqual(['antes', 'durante 1', 'durante 2']);
		await window.page.reload();
		await window.shows('antes', 'durante 1', 'durante 2');
		expect(await ana.said(general)).toEqual(['antes', 'durante 1', 'durante 2']);
	});
}

test('a server killed in the middle of a burst loses, doubles and reorders nothing', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana');
	const bruno = await server.signUp('bruno');
	const general = await ana.general();
	const anas = await open(ana);
	const brunos = await open(bruno);
	const texts = Array.from({ length: 15 }, (_, index) => `mensagem ${index + 1}`);
	await expect(anas.composer).toBeFocused();
	for (const text of texts.slice(0, 10)) await anas.say(text);
	// Some are stored and some are not; of one, the answer is on its way.
	await expect(brunos.rows).not.toHaveCount(0);
	await server.kill();
	for (const text of texts.slice(10)) await anas.say(text);

	await server.start();
	for (const window of [anas, brunos]) await window.shows(...texts);
	expect(await bruno.said(general)).toEqual(texts);
});

async function signUp(window: ChatWindow, username: string, displayName: string) {
	const { page } = window;
	await expect(page).toHaveURL(/\/sign-up$/);
	await page.getByLabel('User name').fill(username);
	await page.getByLabel('Password').fill('vento norte 7');
	await page.getByLabel('Display name').fill(displayName);
	await page.getByRole('button', { name: 'Create account' }).click();
	// Whoever is first may set the server up.
	const skip = page.getByRole('button', { name: 'Skip' });
	const onward = page.getByRole('button', { name: 'Go to General' });
	await expect(skip.or(page.getByRole('heading', { level: 1, name: 'General' }))).toBeVisible();
	while (await skip.isVisible()) await skip.click();
	if (await onward.isVisible()) await onward.click();
	await expect(page.getByRole('heading', { level: 1, name: 'General' })).toBeVisible();
}
