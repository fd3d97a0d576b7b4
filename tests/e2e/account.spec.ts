import { expect, test } from './support/test';

test('sections of the settings have addresses, are reached by keyboard, and Escape leads back', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const room = await ana.createRoom('Jardim');
	const window = await open(ana, { path: `/rooms/${room}` });
	const { page } = window;
	const title = page.getByRole('heading', { level: 1, name: 'Profile and settings' });
	await expect(window.composer).toBeFocused();
	await page.getByRole('link', { name: /Profile and settings/ }).click();
	await expect(page).toHaveURL(/\/settings\/profile$/);
	await expect(title).toBeFocused();

	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	for (const [name, path] of [
		['Security', 'security'],
		['Notifications', 'notifications'],
		['Appearance', 'appearance'],
		['Your data', 'data'],
		['About', 'about']
	] as const) {
		await page.keyboard.press('Tab');
		await expect(page.getByRole('link', { name })).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(new RegExp(`/settings/${path}$`));
		await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
		await expect(page.getByRole('link', { name })).toBeFocused();
	}
	await page.keyboard.press('Escape');
	await expect(page.getByRole('heading', { level: 1, name: 'Jardim' })).toBeVisible();
	await expect(window.composer).toBeFocused();

	await window.open('/settings/data');
	await expect(page.getByRole('heading', { level: 2, name: 'Your data' })).toBeVisible();
	await window.open('/settings/nothing');
	await expect(page.getByRole('heading', { name: 'There is no such page.' })).toBeVisible();
});

test('the version and what is new in it are told, to administrators from their overview', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana');
	const { version } = (await (await fetch(`${server.origin}/api/v1/about`)).json()) as { version: string };
	const { page } = await open(ana, { path: '/admin' });
	await expect(page.getByText(`Olha Mensagem, version ${version}`)).toBeVisible();
	await page.getByRole('link', { name: 'What is new' }).click();
	await expect(page).toHaveURL(/\/settings\/about$/);
	await expect(page.getByRole('heading', { name: `Olha Mensagem, version ${version}` })).toBeVisible();
	const newest = page.getByRole('group').first();
	await expect(newest.getByRole('heading', { name: 'Added' })).toBeVisible();
	await expect(newest.getByRole('listitem').first()).toBeVisible();
	const licences = await fetch(
		new URL((await page.getByRole('link', { name: 'Licences' }).getAttribute('href'))!, server.origin)
	);
	expect(await licences.text()).toContain('MIT');
});

test('on a narrow screen the settings are a list, then a section, and back leads back', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana');
	const { page } = await open(ana, { viewport: { width: 360, height: 720 } });
	const asWideAsTheScreen = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
	await page.getByRole('link', { name: /Profile and settings/ }).click();
	await expect(page.getByRole('link', { name: 'Security' })).toBeVisible();
	await expect(page.getByLabel('Display name')).toHaveCount(0);
	expect(await asWideAsTheScreen()).toBe(true);
	for (const name of ['Profile', 'Security', 'Notifications', 'Appearance', 'Your data', 'About']) {
		await page.getByRole('link', { name, exact: true }).click();
		await expect(page.getByRole('heading', { level: 1, name })).toBeFocused();
		await expect(page.getByRole('link', { name, exact: true })).toBeHidden();
		expect(await asWideAsTheScreen()).toBe(true);
		await page.getByRole('link', { name: 'Back to the settings' }).click();
		await expect(page.getByRole('link', { name, exact: true })).toBeFocused();
	}
	await page.getByRole('link', { name: 'Back to the rooms' }).click();
	await expect(page.getByRole('link', { name: 'General' })).toBeVisible();
});

test('pronouns and a time zone are seen by others in the card of a person', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const general = await ana.general();
	await ana.post(general, 'Oi.');
	const anas = await open(ana, { timezoneId: 'America/Sao_Paulo' });
	await anas.settings();
	await anas.page.getByLabel('Pronouns').fill('ela/dela');
	// The device's own comes first.
	await anas.page.getByLabel('Time zone').selectOption({ index: 1 });
	await expect(anas.page.getByLabel('Time zone')).toHaveValue('America/Sao_Paulo');
	await anas.page.getByRole('button', { name: 'Save' }).click();
	await expect(anas.page.getByText('Saved.')).toBeVisible();

	const brunos = await open(bruno, { timezoneId: 'Asia/Tokyo' });
	await brunos.row('Oi.').getByRole('button', { name: 'Ana Lima' }).click();
	const card = brunos.page.getByRole('dialog', { name: 'Ana Lima' });
	await expect(card).toContainText('@ana · ela/dela · owner');
	const there = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: 'America/Sao_Paulo' });
	await expect(card.getByText('local time')).toContainText(`${there.format(new Date())}:`);
	await card.getByRole('button', { name: 'Message' }).click();
	await expect(brunos.page.getByRole('heading', { level: 1, name: 'Ana Lima' })).toBeVisible();
});

test('devices are listed by name and signed out, one and all', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const other = await open(await ana.signInAgain());
	const window = await open(ana);
	await window.settings('Security');
	const devices = window.page.getByRole('region', { name: 'Your devices' });
	await expect(devices.getByRole('listitem')).toHaveCount(2);
	await expect(devices.getByRole('listitem').first()).toContainText('This device');
	const [one] = await devices.getByRole('button', { name: /^Sign out of / }).all();
	await one!.click();
	await expect(devices.getByRole('listitem')).toHaveCount(1);
	await expect(other.page.getByText(/^Your session ended/)).toBeVisible();

	const third = await open(await ana.signInAgain());
	await expect(third.composer).toBeVisible();
	await window.open('/settings/security');
	await devices.getByRole('button', { name: 'Sign out all other devices' }).click();
	await expect(devices.getByRole('listitem')).toHaveCount(1);
	await expect(third.page.getByText(/^Your session ended/)).toBeVisible();
	await window.page.keyboard.press('Escape');
	await expect(window.roomLink('General')).toBeVisible();
});

test('a password is changed: other devices are out, this one stays', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const other = await open(await ana.signInAgain());
	await expect(other.composer).toBeVisible();
	const window = await open(ana);
	const { page } = window;
	await window.settings('Security');
	const change = async (current: string, password: string) => {
		await page.getByLabel('Current password').fill(current);
		await page.getByLabel('New password').fill(password);
		await page.getByRole('button', { name: 'Change password' }).click();
	};
	await change('not this one', 'vento sul 88');
	await expect(page.getByText('The password is wrong.')).toBeVisible();
	await change(ana.password, 'short');
	await expect(page.getByText('at least 8 characters and at most 72 bytes')).toBeVisible();
	await change(ana.password, 'vento sul 88');
	await expect(page.getByText('Your password is changed.')).toBeVisible();
	await expect(other.page.getByText(/^Your session ended/)).toBeVisible();
	await page.keyboard.press('Escape');
	await window.say('ainda aqui');
	await window.shows('ainda aqui');
	await window.settled();
});

test('another device is signed in by a link that works once', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const window = await open(ana);
	await window.settings('Security');
	const part = window.page.getByRole('region', { name: 'Sign in another device' });
	await part.getByRole('button', { name: 'Make a link' }).click();
	await expect(part.getByRole('img', { name: 'Link that signs another device in' })).toBeVisible();
	const link = new URL((await part.getByText('/link#').textContent())!);

	const phone = await open(null, { path: link.pathname + link.hash });
	await phone.page.getByRole('button', { name: 'Sign in as Ana Lima' }).click();
	await expect(phone.composer).toBeVisible();

	const late = await open(null, { path: link.pathname + link.hash });
	await expect(late.page.getByRole('heading', { name: 'This link is not valid any more' })).toBeVisible();
});

test('an access token is shown once, works, and is revoked', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana);
	const { page } = window;
	await window.settings('Security');
	const part = page.getByRole('region', { name: 'Access tokens' });
	await part.getByRole('button', { name: 'New token' }).click();
	await expect(part.getByLabel('Name')).toBeFocused();
	await page.keyboard.type('Backup');
	await expect(part.getByLabel('Read', { exact: true })).toBeChecked();
	await part.getByLabel('Expires').selectOption('In 30 days');
	await part.getByRole('button', { name: 'Create' }).click();
	await expect(part).toContainText('Copy “Backup” now');
	const token = (await part.locator('p.select-all').textContent())!.trim();
	const ask = () =>
		fetch(`${server.origin}/api/v1/rooms`, { headers: { authorization: `Bearer ${token}` } });
	expect((await ask()).status).toBe(200);

	await window.open('/settings/security');
	await expect(part.getByRole('listitem')).toContainText('Backup');
	await expect(part).not.toContainText(token);
	await part.getByRole('button', { name: 'Revoke Backup' }).click();
	await expect(part.getByRole('listitem')).toHaveCount(0);
	expect((await ask()).status).toBe(401);
});

test('what the server has of somebody is downloaded', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana);
	await window.settings('Your data');
	const download = window.page.waitForEvent('download');
	await window.page.getByRole('link', { name: 'Download' }).click();
	expect(await (await download).failure()).toBeNull();
});

test('an account is deleted, and what it wrote stays under nobody’s name', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	await bruno.post(await ana.general(), 'fica');
	const anas = await open(ana);
	const brunos = await open(bruno);
	await brunos.settings('Your data');
	const { page } = brunos;
	await page.getByRole('button', { name: 'Delete account' }).click();
	await expect(page.getByLabel('Keep them')).toBeChecked();
	await page.getByLabel('Password').fill('not this one');
	await page.getByRole('button', { name: 'Delete for good' }).click();
	await expect(page.getByText('The password is wrong.')).toBeVisible();
	await page.getByLabel('Password').fill(bruno.password);
	await page.getByRole('button', { name: 'Delete for good' }).click();
	await expect(page.getByText('Your account is gone.')).toBeVisible();

	await expect(anas.row('fica')).toContainText('Deleted user');
	await expect(anas.log).toContainText('Deleted user joined');
	await anas.page.reload();
	await expect(anas.row('fica')).toContainText('Deleted user');
	await expect(anas.log).not.toContainText('Bruno Reis');
});
