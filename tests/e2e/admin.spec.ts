import { isSound } from './support/sound';
import { expect, test, type ChatServer } from './support/test';

const SECTIONS = ['people', 'rooms', 'invitations', 'reports', 'settings', 'audit'] as const;

test('the administration is for owners and admins; for others there is no such page', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana');
	const bruno = await server.signUp('bruno');
	const brunos = await open(bruno, { path: '/admin/people' });
	await expect(brunos.page.getByRole('heading', { name: 'There is no such page.' })).toBeVisible();
	await expect(brunos.page.getByRole('link', { name: 'Administration' })).toHaveCount(0);

	// By the keyboard alone.
	const { page, dialog, composer } = await open(ana);
	await expect(composer).toBeFocused();
	await page.keyboard.press('Control+k');
	await dialog.getByRole('combobox').fill('administration');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1, name: 'Administration' })).toBeFocused();
	await expect(page).toHaveTitle(/Administration/);
	await expect(page.getByRole('link', { name: 'Overview' })).toBeVisible();
	for (const section of ['Overview', 'Activity', 'People']) {
		await page.keyboard.press('Tab');
		await expect(page.getByRole('link', { name: section, exact: true })).toBeFocused();
	}
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeFocused();

	// What one is made opens the door, live.
	await ana.govern(bruno, { role: 'admin' });
	const again = await open(await bruno.signInAgain(), { path: '/admin/people' });
	await expect(again.page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
});

test('people are found, given a role, disabled, enabled and banned with their messages', async ({
	server,
	open
}) => {
	const { ana, bruno } = await busy(server);
	const { page, dialog } = await open(ana, { path: '/admin/people' });
	const people = page.getByRole('list', { name: 'People' });
	await expect(people.getByRole('listitem')).toHaveCount(3);
	await page.getByLabel('Search people').fill('reis');
	await expect(people.getByRole('listitem')).toHaveCount(1);
	await people.getByRole('button', { name: /Bruno Reis/ }).click();

	await dialog.getByLabel('Role').selectOption('administrator');
	await dialog.getByRole('button', { name: 'Change the role' }).click();
	await expect(people).toContainText('administrator');
	await dialog.getByLabel('Role').selectOption('member');
	await dialog.getByRole('button', { name: 'Change the role' }).click();
	await expect(people).toContainText('member');

	await dialog.getByRole('button', { name: 'Disable' }).click();
	await expect(dialog.getByRole('alert').filter({ hasText: 'signed out at once' })).toBeVisible();
	await dialog.getByRole('button', { name: 'Yes, disable' }).click();
	await expect(people).toContainText('disabled');
	await dialog.getByRole('button', { name: 'Enable' }).click();
	await dialog.getByRole('button', { name: 'Yes, enable' }).click();
	await expect(people).not.toContainText('disabled');

	const brunos = await open(await bruno.signInAgain());
	await expect(brunos.composer).toBeVisible();
	await dialog.getByRole('button', { name: 'Ban', exact: true }).click();
	await dialog.getByLabel('Delete all their messages, too').check();
	await dialog.getByRole('button', { name: 'Yes, ban and delete the messages' }).click();
	await expect(people).toContainText('banned');
	await expect(brunos.page.getByText('This account may not use this server any more.')).toBeVisible();
	await page.keyboard.press('Escape');
	await page.getByLabel('State').selectOption('banned');
	await expect(people.getByRole('listitem')).toHaveCount(1);

	await page.getByRole('link', { name: 'Audit log' }).click();
	await expect(page.getByText('Ana Lima banned Bruno Reis.')).toBeVisible();
	await expect(
		page.getByText('Ana Lima changed the role of Bruno Reis from member to administrator.')
	).toBeVisible();
});

test('sessions are ended and a recovery link is made, shown once with a code to scan', async ({
	server,
	open
}) => {
	const { ana, bruno } = await busy(server);
	const brunos = await open(bruno);
	await expect(brunos.composer).toBeVisible();
	const { page, dialog } = await open(ana, { path: '/admin/people' });
	await page.getByRole('button', { name: /Bruno Reis/ }).click();
	await dialog.getByRole('button', { name: 'Make a recovery link' }).click();
	await expect(dialog.getByText(/\/link#/)).toBeVisible();
	await expect(dialog.getByRole('img', { name: 'Recovery link' })).toBeVisible();
	await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
	await dialog.getByRole('button', { name: 'Yes, sign out' }).click();
	await expect(brunos.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await expect(page.getByRole('listitem').filter({ hasText: 'Bruno Reis' })).toContainText('0 devices');
});

test('an admin may not change those above them', async ({ server, open }) => {
	const { ana, bruno } = await busy(server);
	await ana.govern(bruno, { role: 'admin' });
	const { page, dialog } = await open(await bruno.signInAgain(), { path: '/admin/people' });
	await page.getByRole('button', { name: /Ana Lima/ }).click();
	await expect(dialog).toContainText('Only an owner can change this account.');
	await expect(dialog.getByRole('button', { name: /Ban|Disable|Sign out/ })).toHaveCount(0);
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: /Carla Dias/ }).click();
	await expect(dialog.getByLabel('Role').getByRole('option')).toHaveText(['member', 'guest']);
});

test('rooms are found, kept short, archived and deleted', async ({ server, open }) => {
	const { ana, carla } = await busy(server);
	await carla.createRoom('Festa', 'closed');
	const { page, dialog } = await open(ana, { path: '/admin/rooms' });
	const rooms = page.getByRole('list', { name: 'Rooms' });
	await expect(rooms.getByRole('listitem')).toHaveCount(3);
	await page.getByLabel('Search rooms').fill('jard');
	await expect(rooms.getByRole('listitem')).toHaveCount(1);
	await rooms.getByRole('button', { name: /Jardim/ }).click();
	await dialog.getByLabel('Keep messages').selectOption('For some days');
	await dialog.getByLabel('Days').fill('30');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog.getByText('Saved.')).toBeVisible();
	await expect(rooms).toContainText('For 30 days');
	await dialog.getByRole('button', { name: 'Archive the room' }).click();
	await dialog.getByRole('button', { name: 'Yes, archive' }).click();
	await expect(rooms).toContainText('Archived');
	await page.keyboard.press('Escape');

	// A closed room that one is not in.
	await page.getByLabel('Search rooms').fill('festa');
	await rooms.getByRole('button', { name: /Festa/ }).click();
	await expect(dialog.getByRole('button', { name: 'Archive the room' })).toHaveCount(0);
	await dialog.getByRole('button', { name: 'Delete the room' }).click();
	await dialog.getByLabel('Type Festa to confirm').fill('Festa');
	await dialog.getByRole('button', { name: 'Delete the room' }).click();
	await expect(dialog).toHaveCount(0);
	await expect(page.getByText('No room found.')).toBeVisible();
});

test('an invitation is made, shown once, told of in the list and revoked', async ({ server, open }) => {
	const { ana } = await busy(server);
	const { page, dialog } = await open(ana, { path: '/admin/invitations' });
	await page.getByRole('button', { name: 'New invitation' }).click();
	await dialog.getByText('guest', { exact: true }).click();
	await expect(dialog.getByRole('button', { name: 'Make the link' })).toBeDisabled();
	await dialog.getByLabel('Jardim').check();
	await dialog.getByLabel('Can be used').selectOption('5');
	await dialog.getByLabel('Note').fill('Vizinhos');
	await dialog.getByRole('button', { name: 'Make the link' }).click();
	await expect(dialog.getByText(/\/invitation#/)).toBeVisible();
	await expect(dialog.getByRole('img', { name: 'Invitation link' })).toBeVisible();
	await dialog.getByRole('button', { name: 'Done' }).click();

	const card = page.getByRole('article', { name: 'Vizinhos' });
	await expect(card).toContainText('guest · used 0 of 5 times');
	await expect(card).toContainText('Leads to Jardim');
	await card.getByRole('button', { name: 'Revoke Vizinhos' }).click();
	await card.getByRole('button', { name: 'Yes, revoke' }).click();
	await expect(card).toContainText('revoked');
});

test('settings are saved one by one and hold at once', async ({ server, open }) => {
	const { ana, bruno } = await busy(server);
	const brunos = await open(bruno);
	await expect(brunos.composer).toBeVisible();
	const { page } = await open(ana, { path: '/admin/settings' });
	const form = (label: string) => page.locator('form').filter({ has: page.getByLabel(label) });
	await page.getByLabel('Name of the server').fill('Clube do Mar');
	await expect(form('Name of the server')).toContainText('Not saved yet.');
	await form('Name of the server').getByRole('button', { name: 'Save' }).click();
	await expect(form('Name of the server')).toContainText('Saved.');
	await expect(brunos.sidebar).toContainText('Clube do Mar');

	await page.getByLabel('Longest message').fill('ten');
	await expect(page.getByText('A number between 0 and 100,000.')).toBeVisible();
	await page.getByLabel('Longest message').fill('10');
	await form('Longest message').getByRole('button', { name: 'Save' }).click();
	await expect(form('Longest message')).toContainText('Saved.');
	await brunos.composer.fill('Comprido demais.');
	await expect(brunos.page.getByText('6 characters too many')).toBeAttached();

	await page.getByLabel('By invitation').check();
	await form('By invitation').getByRole('button', { name: 'Save' }).click();
	await expect(form('By invitation')).toContainText('Saved.');
});

test('the overview counts, and its chart is a table, too', async ({ server, open }) => {
	const { ana } = await busy(server);
	const { page } = await open(ana, { path: '/admin' });
	await expect(page.getByRole('img', { name: /messages? in 30 days/ })).toBeVisible();
	await expect(page.getByRole('definition').first()).toHaveText('3');
	await page.getByText('Show as a table').click();
	await expect(page.getByRole('table').getByRole('row')).toHaveCount(31);
});

test('on a narrow screen the list leads to a section and back', async ({ server, open }) => {
	const { ana } = await busy(server);
	const { page } = await open(ana, { viewport: { width: 360, height: 720 } });
	await page.getByRole('link', { name: 'Administration' }).click();
	const sections = page.getByRole('navigation', { name: 'Administration' });
	await sections.getByRole('link', { name: 'People' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
	await expect(sections).toBeHidden();
	await page.getByRole('link', { name: 'Back to the administration' }).click();
	await expect(sections).toBeVisible();
	await page.getByRole('link', { name: 'Back to the rooms' }).click();
	await expect(page.getByRole('link', { name: 'General' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const)
	for (const width of [1280, 360]) {
		test.describe(`axe finds nothing in the administration, ${colorScheme}, ${width} px:`, () => {
			test.use({ colorScheme, viewport: { width, height: 760 } });

			test('its pages', async ({ server, open }) => {
				const { ana, carla, general, seq } = await busy(server);
				await carla.report(general, seq, 'Propaganda');
				await ana.makeInvitation({ role: 'member', note: 'Vizinhos' });
				const { page } = await open(ana, { path: '/admin' });
				await expect(page.getByRole('definition')).not.toHaveCount(0);
				await isSound({ page });
				for (const section of SECTIONS) {
					await page.goto(`/admin/${section}`);
					await expect(page.locator('main li, main form').first()).toBeVisible();
					await isSound({ page });
				}
			});

			test('its dialogs', async ({ server, open }) => {
				const { ana } = await busy(server);
				const { page, dialog } = await open(ana, { path: '/admin/people' });
				await page.getByRole('button', { name: /Bruno Reis/ }).click();
				await dialog.getByRole('button', { name: 'Ban', exact: true }).click();
				await dialog.getByRole('button', { name: 'Make a recovery link' }).click();
				await expect(dialog.getByRole('img', { name: 'Recovery link' })).toBeVisible();
				await isSound({ page });
				await page.goto('/admin/rooms');
				await page.getByRole('button', { name: /Jardim/ }).click();
				await isSound({ page });
				await page.goto('/admin/invitations');
				await page.getByRole('button', { name: 'New invitation' }).click();
				await isSound({ page });
			});
		});
	}

async function busy(server: ChatServer) {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const carla = await server.signUp('carla', 'Carla Dias');
	const general = await ana.general();
	const garden = await ana.createRoom('Jardim', 'open', 'Plantas da varanda');
	const { seq } = await bruno.post(general, 'Bom dia, Ana.');
	return { ana, bruno, carla, general, garden, seq };
}
