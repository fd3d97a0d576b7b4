import { isSound } from './support/sound';
import { expect, test, type ChatWindow } from './support/test';

test('a room is gone to by keyboard, whatever the accents and the case', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await ana.createRoom('Reunião às três');
	await ana.createRoom('Jardim');
	const window = await open(ana);
	const { page } = window;
	await expect(window.composer).toBeFocused();

	await page.keyboard.press('Control+k');
	await expect(field(window)).toBeFocused();
	await page.keyboard.type('REUNIAO');
	await expect(active(window)).toHaveText('Reunião às três');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1, name: 'Reunião às três' })).toBeVisible();
	await expect(window.dialog).toHaveCount(0);
	await expect(window.composer).toBeFocused();

	// Initials, in a field that somebody clicks.
	await window.sidebar.getByRole('button', { name: 'Go to…' }).click();
	await page.keyboard.type('jar');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1, name: 'Jardim' })).toBeVisible();
	await expect(window.composer).toBeFocused();
	await page.keyboard.press('Control+k');
	await page.keyboard.type('rat');
	await expect(active(window)).toHaveText('Reunião às três');
	await page.keyboard.type('x');
	await expect(window.dialog.getByRole('status').filter({ hasText: 'Nothing found.' })).toBeVisible();
	await page.keyboard.press('Enter');

	// Escape, and the key that opened it, close it; the focus is where it was.
	await page.keyboard.press('Escape');
	await expect(window.dialog).toHaveCount(0);
	await expect(window.composer).toBeFocused();
	await page.keyboard.press('Control+k');
	await expect(field(window)).toBeFocused();
	await page.keyboard.press('Control+k');
	await expect(window.dialog).toHaveCount(0);
	await expect(window.composer).toBeFocused();
});

test('what waits to be read comes first, and the arrow keys go round', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const [attic, garden, workshop] = [
		await ana.createRoom('Ateliê'),
		await ana.createRoom('Jardim'),
		await ana.createRoom('Oficina')
	];
	for (const room of [attic, garden, workshop]) await bruno.join(room);
	await bruno.post(garden, 'Brotou!');
	await bruno.post(workshop, 'Olha, @ana.');
	const window = await open(ana);
	const { keyboard } = window.page;
	await expect(window.roomLink('Oficina')).toContainText('1 mention');
	await keyboard.press('Control+k');

	await expect(options(window).nth(0)).toContainText('Oficina');
	await expect(options(window).nth(0)).toContainText('1 mention');
	await expect(options(window).nth(1)).toContainText('Jardim');
	await expect(options(window).nth(1)).toContainText('1 unread message');
	await expect(options(window).nth(2)).toContainText('Ateliê');
	await expect(options(window).filter({ hasText: 'General' })).toHaveCount(0);

	await keyboard.press('ArrowDown');
	await expect(active(window)).toContainText('Jardim');
	await keyboard.press('ArrowUp');
	await keyboard.press('ArrowUp');
	await expect(active(window)).toContainText('Keyboard shortcuts');
	await expect(active(window)).toBeInViewport();
	await keyboard.press('ArrowDown');
	await expect(active(window)).toContainText('Oficina');
	await expect(field(window)).toBeFocused();
	await keyboard.press('Enter');
	await window.shows('Olha, @ana.');
});

test('rooms that are visited often are offered before others, also after a reload', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await ana.createRoom('Casa nova');
	const often = await ana.createRoom('Casa velha');
	const window = await open(ana);
	await window.enter('Casa velha');
	await expect
		.poll(() => window.page.evaluate(() => Object.entries(localStorage).join()), {
			message: 'the visits on this device'
		})
		.toContain(`"${often}":{"weight":1,`);
	await window.enter('General');
	await window.page.reload();
	await expect(window.composer).toBeFocused();
	await window.page.keyboard.press('Control+k');
	await window.page.keyboard.type('casa');
	await expect(options(window)).toHaveText(['Casa velha', 'Casa nova']);
});

test('a person is gone to by name, and a direct room is made when there is none', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Júlio Reis');
	const [anas, brunos] = [await open(ana), await open(bruno)];
	await expect(anas.composer).toBeFocused();
	await anas.page.keyboard.press('Control+k');
	await anas.page.keyboard.type('julio');
	await expect(active(anas)).toContainText('Júlio Reis @bruno');
	await anas.page.keyboard.press('Enter');
	await expect(anas.page.getByRole('heading', { level: 1, name: 'Júlio Reis' })).toBeVisible();
	await expect(anas.composer).toBeFocused();
	await anas.say('Oi!');
	await expect(brunos.roomLink('Ana Lima')).toContainText('1 unread message');

	// The other way round it is the same room, once in the list.
	await brunos.page.keyboard.press('Control+k');
	await brunos.page.keyboard.type('ana');
	await expect(options(brunos)).toHaveCount(1);
	await brunos.page.keyboard.press('Enter');
	await brunos.shows('Oi!');
});

test('an action of the switcher opens its dialog, which gives the focus back to where it was', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const window = await open(ana);
	const { keyboard } = window.page;
	await expect(window.composer).toBeFocused();
	for (const [typed, title] of [
		['create', 'Create a room'],
		['browse', 'Browse rooms'],
		['new dir', 'New direct message'],
		['keyboard', 'Keyboard shortcuts']
	] as const) {
		await keyboard.press('Control+k');
		await keyboard.type(typed);
		await keyboard.press('Enter');
		await expect(window.page.getByRole('dialog', { name: title })).toBeVisible();
		await expect(window.dialog.locator(':focus')).toHaveCount(1);
		await keyboard.press('Escape');
		await expect(window.dialog).toHaveCount(0);
		await expect(window.composer).toBeFocused();
	}
	await keyboard.press('Control+k');
	await keyboard.type('inbox');
	await keyboard.press('Enter');
	await expect(window.page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeFocused();
	await keyboard.press('Control+k');
	await keyboard.type('settings');
	await keyboard.press('Enter');
	await expect(window.page.getByRole('heading', { level: 1, name: 'Profile and settings' })).toBeFocused();
});

test('the map of the keys is shown by ? where nothing is written, and gives the focus back', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const window = await open(ana);
	const { keyboard } = window.page;
	const map = window.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
	await expect(window.composer).toBeFocused();
	await keyboard.press('?');
	await expect(window.composer).toHaveValue('?');
	await expect(map).toHaveCount(0);
	await keyboard.press('Enter');
	await window.shows('?');

	await keyboard.press('Control+/');
	for (const group of ['Everywhere', 'Where you write', 'In the list of messages', 'Inbox'])
		await expect(map.getByRole('heading', { name: group })).toBeVisible();
	await expect(map).toContainText('Ctrl');
	await keyboard.press('Escape');
	await expect(window.composer).toBeFocused();

	await window.row('?').focus();
	await keyboard.press('?');
	await expect(map).toBeVisible();
	await keyboard.press('?');
	await expect(map).toHaveCount(0);
	await expect(window.row('?')).toBeFocused();
});

test('the keys that the map names for a message do what it says', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await ana.post(await ana.general(), 'olá');
	const window = await open(ana);
	const { page } = window;
	const row = window.row('olá');
	const press = async (key: string) => {
		await row.focus();
		await page.keyboard.press(key);
	};
	await expect(row).toBeVisible();
	await press('r');
	await expect(page.getByText('Replying to')).toBeVisible();
	await page.keyboard.press('Escape');
	await press('e');
	await expect(page.getByText('Editing your message')).toBeVisible();
	await page.keyboard.press('Escape');
	await press('p');
	await expect(row).toContainText('Pinned by Ana Lima');
	await press('f');
	await expect(page.getByRole('dialog', { name: 'Forward a message' })).toBeVisible();
	await page.keyboard.press('Escape');
	await press('Delete');
	await expect(page.getByRole('dialog', { name: 'Delete this message?' })).toBeVisible();
	await page.keyboard.press('Escape');
	await press('Enter');
	await expect(page.getByRole('menu')).toBeVisible();
	await page.keyboard.press('Escape');
	await press('Escape');
	await expect(window.composer).toBeFocused();
});

test('Alt and Shift with the arrows go to rooms with something to read, and pass hidden ones over', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const rooms = new Map<string, number>();
	for (const name of ['Ateliê', 'Beco', 'Cozinha', 'Doca']) {
		rooms.set(name, await ana.createRoom(name));
		await bruno.join(rooms.get(name)!);
	}
	const window = await open(ana);
	const { page } = window;
	const isIn = (name: string) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
	await window.enter('Beco');
	await page.getByRole('button', { name: /^Notifications:/ }).click();
	await page.getByRole('menuitem', { name: 'Nothing, and hidden' }).click();
	await window.enter('General');
	await expect(window.roomLink('Beco')).toHaveCount(0);
	await bruno.post(rooms.get('Beco')!, 'escondido');
	await bruno.post(rooms.get('Cozinha')!, 'um');
	await bruno.post(rooms.get('Doca')!, 'dois');
	await expect(window.roomLink('Doca')).toContainText('1 unread message');

	await page.keyboard.press('Alt+Shift+ArrowDown');
	await isIn('Cozinha');
	await window.shows('um');
	await expect(window.roomLink('Cozinha')).not.toContainText('unread');
	await page.keyboard.press('Alt+Shift+ArrowDown');
	await isIn('Doca');
	await expect(window.roomLink('Doca')).not.toContainText('unread');
	await page.keyboard.press('Alt+Shift+ArrowDown');
	await isIn('Doca');
	await bruno.post(rooms.get('Ateliê')!, 'três');
	await expect(window.roomLink('Ateliê')).toContainText('1 unread message');
	await page.keyboard.press('Alt+Shift+ArrowUp');
	await isIn('Ateliê');

	await page.keyboard.press('Alt+ArrowDown');
	await isIn('Cozinha');
	await page.keyboard.press('Alt+ArrowUp');
	await isIn('Ateliê');
	await expect(window.composer).toBeFocused();
});

test('on a phone the switcher is a sheet as wide as the screen', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await ana.createRoom('Jardim');
	const window = await open(ana, { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true });
	const { page } = window;
	await page.getByRole('button', { name: 'Go to…' }).tap();
	await expect(field(window)).toBeFocused();
	for (const option of await options(window).all())
		expect((await option.boundingBox())!.height).toBeGreaterThanOrEqual(44);
	expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
	await options(window).filter({ hasText: 'Jardim' }).tap();
	await expect(page.getByRole('heading', { level: 1, name: 'Jardim' })).toBeVisible();
	await expect(window.dialog).toHaveCount(0);
});

for (const theme of ['light', 'dark'] as const)
	test(`axe finds nothing in the switcher and the map, ${theme}`, async ({ server, open }) => {
		const ana = await server.signUp('ana', 'Ana Lima');
		const bruno = await server.signUp('bruno', 'Bruno Reis');
		await bruno.post(await bruno.openDirect(ana), 'Psiu, @ana.');
		await bruno.post(await bruno.general(), 'Bom dia.');
		const window = await open(ana, {
			colorScheme: theme,
			path: `/rooms/${await ana.createRoom('Jardim')}`
		});
		await expect(window.roomLink('General')).toContainText('unread');
		await window.page.keyboard.press('Control+k');
		await expect(options(window)).not.toHaveCount(0);
		await isSound(window);
		await window.page.keyboard.type('nothing like it');
		await expect(options(window)).toHaveCount(0);
		await isSound(window);
		await window.page.keyboard.press('Escape');
		await window.page.keyboard.press('Control+/');
		await expect(window.dialog).toBeVisible();
		await isSound(window);
	});

const field = ({ dialog }: ChatWindow) => dialog.getByRole('combobox');
const options = ({ dialog }: ChatWindow) => dialog.getByRole('option');

/** The option that the field names: what Enter opens. */
const active = (window: ChatWindow) => options(window).and(window.page.locator('[aria-selected=true]'));
