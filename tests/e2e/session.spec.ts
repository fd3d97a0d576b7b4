import type { Page, WebSocketRoute } from '@playwright/test';
import { expect, test } from './support/test';

test.use({ serviceWorkers: 'allow' });

test('a session that ends elsewhere leads to the door; what is unsent is kept for the same person', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const general = await ana.general();
	const window = await open(ana);
	await window.say('antes');
	await window.shows('antes');
	await window.settled();

	await server.kill();
	await expect(window.connectionLine).not.toBeEmpty();
	await window.say('ainda não dita');
	await expect(window.connectionLine).toContainText('1 message waiting.');
	await server.elsewhere(() => ana.signOut());
	await server.start();
	await window.wake();
	await expect(window.page.getByText(/^Your session ended/)).toBeVisible();
	expect(await bruno.said(general)).toEqual(['antes']);

	// Somebody else at the same browser neither sees nor says it.
	await signIn(window.page, 'bruno', bruno.password);
	await window.shows('antes');
	await expect(window.connectionLine).toBeEmpty();
	await window.say('Sou o Bruno.');
	await window.shows('antes', 'Sou o Bruno.');
	await window.settled();
	expect(await bruno.said(general)).toEqual(['antes', 'Sou o Bruno.']);
	await signOut(window.page);

	await signIn(window.page, 'ana', ana.password);
	await window.shows('antes', 'Sou o Bruno.', 'ainda não dita');
	await window.settled();
	expect(await bruno.said(general)).toEqual(['antes', 'Sou o Bruno.', 'ainda não dita']);
});

test('an open window is told at once when its session ends, and comes back to the same room', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana');
	const room = await ana.createRoom('Jardim');
	const { page, composer } = await open(ana, { path: `/rooms/${room}` });
	await expect(composer).toBeVisible();
	await ana.signOut();
	await expect(page.getByText(/^Your session ended/)).toBeVisible();
	await expect(page).toHaveURL(new RegExp(`/sign-in\\?then=%2Frooms%2F${room}$`));
	await signIn(page, 'ana', ana.password);
	await expect(page.getByRole('heading', { level: 1, name: 'Jardim' })).toBeVisible();
});

test('signing out deletes what is unsent, after asking', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const general = await ana.general();
	const window = await open(null, { path: '/sign-in' });
	const { page } = window;
	// A server that answers requests and lets no socket in.
	const sockets: WebSocketRoute[] = [];
	let shut = false;
	await page.routeWebSocket('**/api/v1/socket', (socket) => {
		sockets.push(socket);
		if (shut) void socket.close({ code: 4001 });
		else socket.connectToServer();
	});
	await signIn(page, 'ana', ana.password);
	await window.say('dita');
	await window.shows('dita');
	await window.settled(); // this window knows too that it was stored
	expect(await ana.said(general)).toEqual(['dita']);
	shut = true;
	for (const socket of sockets) await socket.close({ code: 4001 });
	await window.say('nunca dita');
	const told = page.waitForResponse((response) => response.url().endsWith('/draft'));
	await window.composer.fill('nem isto');
	await told;
	await expect(window.connectionLine).toContainText('1 message waiting.');

	await window.settings();
	await page.getByRole('button', { name: 'Sign out', exact: true }).click();
	await expect(page.getByText('1 message is not sent yet. Signing out deletes it.')).toBeVisible();
	await page.getByRole('button', { name: 'Sign out anyway' }).click();
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await expect.poll(() => keptOnDevice(page)).toEqual([]);

	shut = false;
	await signIn(page, 'ana', ana.password);
	await window.shows('dita');
	// What was begun is on the server too, and follows its writer.
	await expect(window.composer).toHaveValue('nem isto');
	expect(await ana.said(general)).toEqual(['dita']);
});

test('what was begun to be written stays in its room, also after a reload', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	await ana.createRoom('Jardim');
	const window = await open(ana);
	await window.composer.fill('começado');
	await window.enter('Jardim');
	await expect(window.composer).toHaveValue('');
	await window.enter('General');
	await expect(window.composer).toHaveValue('começado');
	await window.page.reload();
	await expect(window.composer).toHaveValue('começado');
	await window.composer.press('Enter');
	await window.shows('começado');
	await window.page.reload();
	await window.shows('começado');
	await expect(window.composer).toHaveValue('');
});

async function signIn(page: Page, username: string, password: string) {
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await page.getByLabel('User name').fill(username);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('log')).toBeVisible();
}

async function signOut(page: Page) {
	await page.getByRole('link', { name: /Profile and settings/ }).click();
	await page.getByRole('button', { name: 'Sign out', exact: true }).click();
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
}

/** The unsent messages that this browser keeps, whosever they are, and drafts. */
function keptOnDevice(page: Page) {
	return page.evaluate(async () => {
		const opening = indexedDB.open('olha');
		const database = await new Promise<IDBDatabase>((resolve, reject) => {
			opening.onsuccess = () => resolve(opening.result);
			opening.onerror = () => reject(opening.error);
		});
		const asking = database.transaction('unsent').objectStore('unsent').getAll();
		const unsent = await new Promise<unknown[]>((resolve, reject) => {
			asking.onsuccess = () => resolve(asking.result);
			asking.onerror = () => reject(asking.error);
		});
		database.close();
		return [...unsent, ...Object.keys(localStorage).filter((key) => key.startsWith('olha.draft'))];
	});
}
