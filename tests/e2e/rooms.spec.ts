import { expect, test } from './support/test';

test('an open room is made, found, joined and left', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const anas = await open(ana);
	const brunos = await open(bruno);

	await anas.page.getByRole('button', { name: 'Create a room' }).click();
	await anas.dialog.getByLabel('Name').fill('Jardim');
	await anas.dialog.getByLabel('Topic').fill('Plantas da varanda');
	await anas.dialog.getByRole('button', { name: 'Create' }).click();
	await expect(anas.page.getByRole('heading', { level: 1, name: 'Jardim' })).toBeVisible();
	await expect(anas.page.getByRole('banner')).toContainText('Plantas da varanda');
	await anas.say('O manjericão nasceu.');

	await brunos.page.getByRole('button', { name: 'Browse rooms' }).click();
	await brunos.dialog.getByLabel('Search rooms').fill('jard');
	const found = brunos.dialog.getByRole('listitem').filter({ hasText: 'Jardim' });
	await expect(found).toContainText('1 member');
	// General is above it until the search has gone through, and what is clicked moves up then.
	await expect(brunos.dialog.getByRole('listitem')).toHaveCount(1);
	await found.getByRole('button', { name: 'Join Jardim' }).click();
	await expect(brunos.page.getByRole('heading', { level: 1, name: 'Jardim' })).toBeVisible();
	await brunos.shows('O manjericão nasceu.');
	await expect(anas.log).toContainText('Bruno Reis joined');
	await brunos.say('Já?!');
	await anas.shows('O manjericão nasceu.', 'Já?!');

	await brunos.page.getByRole('button', { name: 'About this room' }).click();
	const panel = brunos.page.getByRole('complementary', { name: 'About this room' });
	await expect(panel.getByRole('heading', { name: '2 members' })).toBeVisible();
	await panel.getByRole('button', { name: 'Leave the room' }).click();
	await panel.getByRole('button', { name: 'Yes, leave' }).click();
	await expect(brunos.roomLink('Jardim')).toHaveCount(0);
	await expect(anas.log).toContainText('Bruno Reis left');

	// The address still leads to it: it is open.
	await expect(brunos.page.getByText('You are not in this room yet.')).toBeVisible();
	await brunos.page.getByRole('button', { name: 'Join' }).click();
	await brunos.shows('O manjericão nasceu.', 'Já?!');
});

test('the name of an open room that exists is refused, and the form stays', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	await ana.createRoom('Jardim');
	const { page, dialog } = await open(ana);
	await page.getByRole('button', { name: 'Create a room' }).click();
	await dialog.getByLabel('Name').fill('JARDIM');
	await dialog.getByRole('button', { name: 'Create' }).click();
	await expect(dialog.getByRole('alert')).toHaveText('An open room has this name already.');
	await expect(dialog.getByLabel('Name')).toHaveValue('JARDIM');
});

test('a closed room is known only to those whom its members invite', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const anas = await open(ana);
	const brunos = await open(bruno);

	await anas.page.getByRole('button', { name: 'Create a room' }).click();
	await anas.dialog.getByLabel('Name').fill('Festa surpresa');
	await anas.dialog.getByText('By invitation').click();
	await anas.dialog.getByRole('button', { name: 'Create' }).click();
	await expect(anas.page.getByRole('banner').getByLabel('By invitation')).toBeVisible();
	await anas.say('Sábado, às oito.');
	await anas.shows('Sábado, às oito.');
	const address = new URL(anas.page.url()).pathname;

	await brunos.open(address);
	await expect(brunos.page.getByRole('heading', { name: 'There is no such room' })).toBeVisible();
	await brunos.page.getByRole('button', { name: 'Browse rooms' }).click();
	await expect(brunos.dialog.getByRole('listitem').filter({ hasText: 'General' })).toBeVisible();
	await expect(brunos.dialog.getByText('Festa surpresa')).toHaveCount(0);
	await brunos.page.keyboard.press('Escape');

	await anas.page.getByRole('button', { name: 'About this room' }).click();
	const panel = anas.page.getByRole('complementary', { name: 'About this room' });
	await panel.getByRole('button', { name: 'Invite people' }).click();
	await anas.dialog.getByRole('button', { name: 'Bruno Reis @bruno' }).click();
	await anas.dialog.getByRole('button', { name: 'Invite', exact: true }).click();
	await expect(anas.dialog).toHaveCount(0);
	await expect(panel.getByRole('listitem').filter({ hasText: '@bruno' })).toBeVisible();

	await expect(brunos.roomLink('Festa surpresa')).toBeVisible();
	await brunos.enter('Festa surpresa');
	await brunos.shows('Sábado, às oito.');
	await expect(brunos.log).toContainText('Ana Lima invited Bruno Reis');

	await panel.getByRole('button', { name: 'Remove Bruno Reis from the room' }).click();
	await expect(panel.getByRole('listitem').filter({ hasText: '@bruno' })).toHaveCount(0);
	await expect(brunos.roomLink('Festa surpresa')).toHaveCount(0);
	await expect(
		brunos.page.getByRole('heading', { name: 'You are no longer in Festa surpresa' })
	).toBeVisible();
	await anas.say('Bruno não pode saber!');
	await anas.shows('Sábado, às oito.', 'Bruno não pode saber!');
	await expect(brunos.page.getByText('Bruno não pode saber!')).toHaveCount(0);
});

test('direct messages: with one, with several, and the same room each time', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	await server.signUp('carla', 'Carla Dias');
	const anas = await open(ana);
	const brunos = await open(bruno);

	async function startWith(...people: string[]) {
		await anas.page.getByRole('button', { name: 'New direct message' }).click();
		for (const person of people) {
			await anas.dialog.getByLabel('Search people').fill(person);
			await anas.page.keyboard.press('Enter');
			await expect(anas.dialog.getByRole('list', { name: 'Chosen people' })).toContainText(person);
		}
		await anas.dialog.getByRole('button', { name: 'Start' }).click();
		await expect(anas.dialog).toHaveCount(0);
	}

	await startWith('Bruno Reis');
	await expect(anas.page.getByRole('heading', { level: 1, name: 'Bruno Reis' })).toBeVisible();
	const address = anas.page.url();
	await anas.say('Só entre nós.');
	await expect(brunos.roomLink('Ana Lima')).toContainText('1 unread message');
	await brunos.enter('Ana Lima');
	await brunos.shows('Só entre nós.');

	await startWith('Bruno Reis', 'Carla Dias');
	await expect(
		anas.page.getByRole('heading', { level: 1, name: 'Bruno Reis and Carla Dias' })
	).toBeVisible();
	await expect(brunos.roomLink('Ana Lima and Carla Dias')).toBeVisible();

	await startWith('Bruno Reis');
	await expect(anas.page).toHaveURL(address);
	await anas.shows('Só entre nós.');
});

test('a room is renamed and archived, and everybody sees it', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const room = await ana.createRoom('Jardim');
	await bruno.join(room);
	const anas = await open(ana, { path: `/rooms/${room}` });
	const brunos = await open(bruno, { path: `/rooms/${room}` });
	await expect(brunos.composer).toBeVisible();

	await anas.page.getByRole('button', { name: 'About this room' }).click();
	await anas.page.getByRole('button', { name: 'Edit the room' }).click();
	await anas.dialog.getByLabel('Name').fill('Horta');
	await anas.dialog.getByRole('button', { name: 'Save' }).click();
	await expect(brunos.page.getByRole('heading', { level: 1, name: 'Horta' })).toBeVisible();
	await expect(brunos.roomLink('Horta')).toBeVisible();
	await expect(brunos.log).toContainText('Ana Lima renamed the room to “Horta”');

	await anas.page.getByRole('button', { name: 'Archive the room', exact: true }).click();
	await expect(brunos.page.getByText('This room is archived: it can be read, not written.')).toBeVisible();
	await expect(brunos.composer).toHaveCount(0);
	await anas.page.getByRole('button', { name: 'Unarchive the room' }).click();
	await expect(brunos.composer).toBeVisible();
});

test('who is writing is told to the others, until they send it', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const anas = await open(ana);
	const brunos = await open(bruno);
	await expect(brunos.composer).toBeVisible();
	await anas.composer.pressSequentially('Estou pen');
	await expect(brunos.page.getByText('Ana Lima is writing…')).toBeVisible();
	await anas.composer.press('Enter');
	await brunos.shows('Estou pen');
	await expect(brunos.page.getByText('Ana Lima is writing…')).toHaveCount(0);
});
