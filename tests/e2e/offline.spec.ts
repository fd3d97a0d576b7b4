import type { Page } from '@playwright/test';
import { FOR_OTHERS } from './support/server';
import { expect, test } from './support/test';

test.use({ settings: FOR_OTHERS, serviceWorkers: 'allow' });

test('the chat opens without a server, is read and written in, and says everything once there is one', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const general = await ana.general();
	const garden = await ana.createRoom('Jardim');
	await bruno.join(garden);
	const gone = await bruno.post(general, 'isto some');
	await bruno.post(garden, 'no jardim');
	const window = await open(ana);
	await window.shows('isto some');
	await window.enter('Jardim');
	await window.shows('no jardim');
	await kept(window.page);

	await server.kill();
	await window.page.reload();
	await window.shows('no jardim');
	await expect(window.connectionLine).toHaveText(/No connection/);
	await window.say('escrito sem rede');
	await window.enter('General');
	await window.shows('isto some');
	await window.say('também aqui');
	await window.page.reload();
	await window.shows('isto some', 'também aqui');

	await server.elsewhere(async () => {
		await bruno.delete(general, gone.seq);
		await bruno.post(general, 'dito no meio');
	});
	await server.start();
	await window.wake();
	await window.shows('This message was deleted.', 'dito no meio', 'também aqui');
	await window.settled();
	expect(await bruno.said(garden)).toEqual(['no jardim', 'escrito sem rede']);
});

test('where browsers keep no programs, what was said is still there before the server answers', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await ana.post(await ana.general(), 'guardada aqui');
	const window = await open(ana, { origin: server.lanOrigin });
	await window.shows('guardada aqui');
	await kept(window.page);

	// The page comes, and nothing else does.
	await window.page.route('**/api/**', (route) => route.abort());
	await window.page.routeWebSocket('**/api/v1/socket', (socket) => void socket.close({ code: 4001 }));
	await window.page.reload();
	await window.shows('guardada aqui');
	await expect(window.connectionLine).toHaveText(/No connection/);
});

test('what is kept is right again after a room was left and another was read elsewhere', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const garden = await bruno.createRoom('Jardim');
	const workshop = await bruno.createRoom('Oficina');
	for (const room of [garden, workshop]) await ana.join(room);
	await bruno.post(workshop, 'um');
	const window = await open(ana, { path: `/rooms/${garden}` });
	await expect(window.roomLink('Oficina')).toContainText('1 unread message');
	await kept(window.page);

	await window.open('about:blank');
	await ana.leave(garden);
	await ana.read(workshop);
	await bruno.post(workshop, 'dois @ana');
	await window.open('/');
	await expect(window.roomLink('Oficina')).toContainText('1 mention');
	await expect(window.roomLink('Jardim')).toHaveCount(0);
});

test('signing out leaves nothing on the device', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await ana.post(await ana.general(), 'segredo');
	const window = await open(ana);
	await window.shows('segredo');
	await kept(window.page);

	await window.settings();
	await window.page.getByRole('button', { name: 'Sign out', exact: true }).click();
	await expect(window.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await expect.poll(() => keptRooms(window.page)).toBe(0);
	await window.page.reload();
	await expect(window.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

/** Waits until this device has kept what the window shows, and where it can the program too. */
async function kept(page: Page) {
	await page.evaluate(() => navigator.serviceWorker?.ready.then(() => {}));
	await expect.poll(() => keptRooms(page)).toBeGreaterThan(0);
	// Keeping follows a change after a moment, or at once when the page is left.
	await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide')));
	await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
}

function keptRooms(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const opening = indexedDB.open('olha-cache');
		const database = await new Promise<IDBDatabase>((resolve, reject) => {
			opening.onsuccess = () => resolve(opening.result);
			opening.onerror = () => reject(opening.error);
		});
		const names = [...database.objectStoreNames];
		const counting = names.includes('rooms')
			? database.transaction('rooms').objectStore('rooms').count()
			: null;
		const count =
			counting &&
			(await new Promise<number>((resolve, reject) => {
				counting.onsuccess = () => resolve(counting.result);
				counting.onerror = () => reject(counting.error);
			}));
		database.close();
		return count ?? 0;
	});
}
