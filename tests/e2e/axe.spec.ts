import { isSound } from './support/sound';
import { expect, test, type Account, type ChatServer } from './support/test';

const NARROW = { viewport: { width: 360, height: 720 } };

for (const theme of ['light', 'dark'] as const) {
	test.describe(`axe finds nothing, ${theme}:`, () => {
		test.use({ colorScheme: theme });

		test('at the door', async ({ server, open }) => {
			const { page } = await open(null);
			await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible();
			await isSound({ page });
			await server.signUp('ana');
			await page.goto('/sign-in');
			await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
			await isSound({ page });
			await page.getByLabel('User name').fill('ana');
			await page.getByLabel('Password').fill('not this one');
			await page.keyboard.press('Enter');
			await expect(page.getByRole('alert')).not.toBeEmpty();
			await isSound({ page });
			await page.goto('/sign-up');
			await page.getByLabel('User name').fill('ana');
			await page.getByLabel('Password').fill('short');
			await page.getByRole('button', { name: 'Create account' }).click();
			await expect(page.locator('[aria-invalid=true]')).not.toHaveCount(0);
			await isSound({ page });
			await page.goto('/no/such/page');
			await expect(page.getByRole('heading', { name: 'There is no such page.' })).toBeVisible();
			await isSound({ page });
		});

		test('in rooms', async ({ server, open }) => {
			const { ana, bruno, rooms } = await busy(server);
			const window = await open(ana, { path: `/rooms/${rooms.empty}` });
			const { page } = window;
			await expect(window.log).toContainText('This is the beginning of Vazio.');
			await isSound({ page });

			await window.enter('General');
			await expect(window.row('https://example.org')).toBeVisible();
			await expect(window.roomLink('Jardim')).toContainText('unread');
			await bruno.post(rooms.general, 'Mais uma.');
			await expect(window.row('Mais uma.')).toBeVisible();
			await isSound({ page });

			await page.getByRole('button', { name: 'About this room' }).click();
			await expect(page.getByRole('heading', { name: /members$/ })).toBeVisible();
			await isSound({ page });
			await window.enter('Festa');
			await page.getByRole('button', { name: 'About this room' }).click();
			await page.getByRole('button', { name: 'Leave the room' }).click();
			await expect(page.getByRole('button', { name: 'Yes, leave' })).toBeVisible();
			await isSound({ page });
			await page.goto('/rooms/999999');
			await expect(page.getByRole('heading', { name: 'There is no such room' })).toBeVisible();
			await isSound({ page });
		});

		test('in dialogs', async ({ server, open }) => {
			const { ana, rooms } = await busy(server);
			const { page, dialog } = await open(ana, { path: `/rooms/${rooms.closed}` });
			for (const name of ['Browse rooms', 'Create a room', 'New direct message']) {
				await page.getByRole('button', { name }).click();
				await expect(dialog).toBeVisible();
				if (name === 'New direct message')
					await dialog.getByRole('button', { name: 'Bruno Reis @bruno' }).click();
				await isSound({ page });
				await page.keyboard.press('Escape');
				await expect(dialog).toHaveCount(0);
			}
			await page.getByRole('button', { name: 'About this room' }).click();
			for (const name of ['Invite people', 'Edit the room']) {
				await page.getByRole('button', { name }).click();
				await expect(dialog).toBeVisible();
				await isSound({ page });
				await page.keyboard.press('Escape');
				await expect(dialog).toHaveCount(0);
			}
		});

		test('in the settings', async ({ server, open }) => {
			const { ana } = await busy(server);
			const window = await open(ana, { path: '/settings/profile' });
			const { page } = window;
			await expect(page.getByLabel('Pronouns')).toBeVisible();
			await isSound({ page });
			await window.open('/settings/security');
			await expect(page.getByText('This device')).toBeVisible();
			await page.getByRole('button', { name: 'Make a link' }).click();
			await expect(page.getByRole('img', { name: 'Link that signs' })).toBeVisible();
			await page.getByRole('button', { name: 'New token' }).click();
			await isSound({ page });
			await page.getByLabel('Name', { exact: true }).fill('Backup');
			await page.getByRole('button', { name: 'Create', exact: true }).click();
			await expect(page.getByRole('button', { name: 'Copy token' })).toBeVisible();
			await isSound({ page });
			await window.open('/settings/data');
			await page.getByRole('button', { name: 'Delete account' }).click();
			await expect(page.getByLabel('Keep them')).toBeVisible();
			await isSound({ page });
			await window.open('/settings/notifications');
			await expect(page.getByRole('heading', { name: 'Notifications', level: 2 })).toBeVisible();
			await isSound({ page });
			await window.open('/settings/about');
			await expect(page.getByRole('heading', { name: 'What is new' })).toBeVisible();
			await isSound({ page });
		});

		test('on the way in', async ({ server, open }) => {
			const { ana, rooms } = await busy(server);
			const secret = await ana.makeInvitation({ role: 'guest', roomIds: [rooms.closed] });
			const { page } = await open(null, { path: `/invitation#${secret}` });
			await expect(page.getByText('You will be in Festa.')).toBeVisible();
			await isSound({ page });
			const { page: owners } = await open(ana, { path: '/welcome' });
			await expect(owners.getByRole('heading', { name: 'Your server' })).toBeVisible();
			await isSound({ page: owners });
			await owners.getByRole('button', { name: 'Skip' }).click();
			await owners.getByLabel('News').check();
			await isSound({ page: owners });
			await owners.getByRole('button', { name: 'Skip' }).click();
			await expect(owners.getByRole('img', { name: 'Address of the server' })).toBeVisible();
			await isSound({ page: owners });
		});

		test('when things go wrong', async ({ server, open }) => {
			const { ana } = await busy(server);
			const window = await open(ana);
			await expect(window.composer).toBeFocused();
			await server.kill();
			await expect(window.connectionLine).not.toBeEmpty();
			await window.say('Esperando.');
			await window.say('Comprido demais. '.repeat(20));
			await expect(window.connectionLine).toContainText('2 messages waiting.');
			await isSound(window);
			await server.start({ LIMIT_MESSAGE_LENGTH: '100' });
			await window.wake();
			await expect(window.log.getByRole('button', { name: 'Retry' })).toBeVisible();
			await isSound(window);
			await window.composer.fill('Comprido demais. '.repeat(20));
			await expect(window.page.getByText('characters too many')).toBeAttached();
			await isSound(window);
		});

		test('on a narrow screen', async ({ server, open }) => {
			const { ana } = await busy(server);
			const window = await open(ana, NARROW);
			const { page } = window;
			await expect(window.roomLink('General')).toBeVisible();
			await isSound({ page });
			await window.roomLink('General').click();
			await expect(window.rows).not.toHaveCount(0);
			await isSound({ page });
			await page.getByRole('button', { name: 'About this room' }).click();
			await expect(page.getByRole('heading', { name: /members$/ })).toBeVisible();
			await isSound({ page });
			await page.goBack();
			await page.getByRole('link', { name: 'Back to the rooms' }).click();
			await page.getByRole('link', { name: /Profile and settings/ }).click();
			await expect(page.getByRole('heading', { level: 1, name: 'Profile and settings' })).toBeVisible();
			await isSound({ page });
			await page.getByRole('link', { name: 'Appearance' }).click();
			await expect(page.getByLabel('Language')).toBeVisible();
			await isSound({ page });
		});
	});
}

test('what axe finds is heard', async ({ open }) => {
	const { page } = await open(null);
	await page.evaluate(() => document.body.append(new Image()));
	await expect(isSound({ page })).rejects.toThrow('image-alt');
});

async function busy(server: ChatServer) {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const carla: Account = await server.signUp('carla', 'Carla Dias');
	const general = await ana.general();
	const empty = await ana.createRoom('Vazio', 'open', 'Ainda nada');
	const garden = await ana.createRoom('Jardim');
	const closed = await ana.createRoom('Festa', 'closed', 'Sábado às oito');
	await bruno.join(garden);
	await ana.invite(closed, bruno);
	await ana.post(general, 'Bom dia!');
	await ana.post(general, 'Duas linhas\ne um endereço: https://example.org');
	await bruno.post(general, 'Bom dia, Ana.');
	await carla.post(general, 'Olá.');
	await bruno.post(garden, 'Brotou!');
	await bruno.post(await bruno.openDirect(ana), 'Psiu.');
	await ana.openDirect(bruno, carla);
	return { ana, bruno, carla, rooms: { general, empty, garden, closed } };
}
