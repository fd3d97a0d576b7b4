import { expect, test } from './support/test';

test('the theme follows the system until one is chosen, which stands from the first paint on', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana');
	const window = await open(ana, { colorScheme: 'dark' });
	const { page, composer } = window;
	const html = page.locator('html');
	await expect(composer).toBeVisible();
	await expect(html).toHaveAttribute('data-theme', 'dark');
	await page.emulateMedia({ colorScheme: 'light' });
	await expect(html).toHaveAttribute('data-theme', 'light');
	const lightPaper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

	await window.settings('Appearance');
	await page.getByText('Dark', { exact: true }).click();
	await expect(html).toHaveAttribute('data-theme', 'dark');
	await expect(html).not.toHaveCSS('background-color', lightPaper);
	await page.keyboard.press('Escape');
	await expect(composer).toBeVisible();

	// Held back, the app cannot have set it: the page comes dark by itself.
	let release = () => {};
	const held = new Promise<void>((resolve) => (release = resolve));
	await page.route('**/_app/immutable/entry/*.js', async (route) => {
		await held;
		await route.continue();
	});
	await page.reload({ waitUntil: 'commit' });
	await expect(html).toHaveAttribute('data-theme', 'dark');
	release();
	await expect(composer).toBeVisible();
	await expect(html).toHaveAttribute('data-theme', 'dark');

	await window.settings('Appearance');
	await page.getByText('System', { exact: true }).click();
	await expect(html).toHaveAttribute('data-theme', 'light');
});

test('density and contrast are kept', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana);
	const { page } = window;
	const html = page.locator('html');
	await window.settings('Appearance');
	await page.getByText('Compact', { exact: true }).click();
	await page.getByRole('switch', { name: 'More contrast' }).check();
	await page.reload();
	await expect(page.getByLabel('Language')).toBeVisible();
	await expect(html).toHaveAttribute('data-density', 'compact');
	await expect(html).toHaveAttribute('data-contrast', 'more');
});

test('the connection line says what is true, and nothing while all is well', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana);
	await expect(window.composer).toBeFocused();
	await expect(window.connectionLine).toBeEmpty();

	await server.kill();
	await expect(window.connectionLine).toHaveText('No connection. Trying again…');
	await window.context.setOffline(true);
	await expect(window.connectionLine).toHaveText('Offline.');
	await window.say('um');
	await expect(window.connectionLine).toHaveText('Offline. 1 message waiting.');
	await window.context.setOffline(false);
	await expect(window.connectionLine).toHaveText('No connection. Trying again… 1 message waiting.');

	await server.start();
	await expect(window.connectionLine).toBeEmpty();
	await window.shows('um');
	await expect(window.log).not.toContainText('Sending');
});

test('what is looked at for the first time while the server is down opens all the same', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana');
	const window = await open(ana, { viewport: { width: 360, height: 720 } });
	await expect(window.roomLink('General')).toBeVisible();
	await window.page.waitForLoadState('networkidle');
	await server.kill();
	await window.page.getByRole('button', { name: 'New direct message' }).click();
	await expect(window.dialog.getByLabel('Search people')).toBeVisible();
	await window.page.keyboard.press('Escape');
	await window.roomLink('General').click();
	await expect(window.composer).toBeVisible();
	await window.say('Já escrevo.');
	await window.page.getByRole('link', { name: 'Back to the rooms' }).click();
	await server.start();
	await window.wake();
	await window.roomLink('General').click();
	await window.shows('Já escrevo.');
	await expect(window.log).not.toContainText('Sending');
});

test('a page that is opened while the server is down says so, and goes on by itself', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana');
	// A device that was never here: nothing of the chat is kept on it.
	const { page, composer, context } = await open(null, { path: '/sign-in' });
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await context.addCookies([{ name: 'olha_session', value: ana.token, url: server.origin }]);
	// The page itself still comes, as it does through a proxy that keeps it; nothing behind it answers.
	await page.route('**/api/**', (route) => route.abort('connectionrefused'));
	await page.goto('/');
	await expect(page.getByText("The server can't be reached. Trying again…")).toBeVisible();
	await page.unroute('**/api/**');
	await expect(composer).toBeVisible();
});

test('on a narrow screen, list, room and panel are one after the other, and back leads back', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana');
	const window = await open(ana, { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true });
	const { page } = window;
	const panel = page.getByRole('complementary', { name: 'About this room' });
	const asWideAsTheScreen = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

	await expect(window.roomLink('General')).toBeVisible();
	await expect(window.composer).toBeHidden();
	expect(await asWideAsTheScreen()).toBe(true);

	await window.roomLink('General').tap();
	await expect(window.composer).toBeVisible();
	await expect(window.sidebar).toBeHidden();
	await window.composer.fill(
		`${'umapalavracompridademais'.repeat(12)}\nhttps://example.org/${'x'.repeat(200)}`
	);
	await page.getByRole('button', { name: 'Send' }).tap();
	await expect(window.rows).toHaveCount(1);
	expect(await asWideAsTheScreen()).toBe(true);

	await page.getByRole('button', { name: 'About this room' }).tap();
	await expect(panel).toBeVisible();
	await expect(window.composer).toBeHidden();
	expect(await asWideAsTheScreen()).toBe(true);
	await page.goBack();
	await expect(panel).toBeHidden();
	await expect(window.composer).toBeVisible();
	await page.getByRole('link', { name: 'Back to the rooms' }).tap();
	await expect(window.roomLink('General')).toBeVisible();
	await expect(window.composer).toBeHidden();
});
