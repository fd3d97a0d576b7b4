import { expect, test } from './support/test';

test('in slow mode the composer counts down, keeps the text, and moderators do not wait', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const room = await ana.createRoom('Jardim');
	await bruno.join(room);
	const anas = await open(ana, { path: `/rooms/${room}` });
	const brunos = await open(bruno, { path: `/rooms/${room}` });

	await anas.page.getByRole('button', { name: 'About this room' }).click();
	await anas.page.getByRole('button', { name: 'Edit the room' }).click();
	await anas.dialog.getByLabel('Slow mode').selectOption('5 seconds');
	await anas.dialog.getByRole('button', { name: 'Save' }).click();
	await expect(anas.dialog).toHaveCount(0);
	await expect(
		brunos.page.getByRole('img', { name: 'Slow mode: one message every 5 seconds.' })
	).toBeVisible();

	await brunos.say('Um.');
	await expect(brunos.page.getByText(/^You can write again in \d seconds?\.$/)).toBeVisible();
	await brunos.say('Dois.');
	await expect(brunos.composer).toHaveValue('Dois.');
	await expect(brunos.page.getByRole('button', { name: 'Send' })).toBeDisabled();
	await expect(brunos.page.getByRole('button', { name: 'Send' })).toBeEnabled();
	await brunos.composer.press('Enter');
	await brunos.shows('Um.', 'Dois.');

	await anas.say('Três.');
	await anas.say('Quatro.');
	await brunos.shows('Um.', 'Dois.', 'Três.', 'Quatro.');
});

test('what comes too soon in slow mode waits in the outbox and goes by itself', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const bruno = await server.signUp('bruno');
	const room = await ana.createRoom('Jardim');
	await bruno.join(room);
	await ana.changeRoom(room, { slowModeSeconds: 5 });
	const window = await open(bruno, { path: `/rooms/${room}` });
	await expect(window.composer).toBeFocused();
	// Said on another device at this very moment: this one has not heard of it.
	await window.context.setOffline(true);
	await window.say('Daqui.');
	await bruno.post(room, 'De lá.');
	await window.context.setOffline(false);
	await window.wake();
	await expect(window.page.getByText(/^You can write again in/)).toBeVisible();
	await window.shows('De lá.', 'Daqui.');
	await window.settled();
});

test('in a locked room only moderators write, and members are made moderators', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const room = await ana.createRoom('Jardim');
	await bruno.join(room);
	await ana.changeRoom(room, { locked: true });
	const anas = await open(ana, { path: `/rooms/${room}` });
	const brunos = await open(bruno, { path: `/rooms/${room}` });
	await expect(brunos.page.getByText('only its moderators may write')).toBeVisible();
	await expect(brunos.composer).toHaveCount(0);
	await expect(brunos.page.getByRole('img', { name: 'Only moderators can write' })).toBeVisible();
	await expect(anas.composer).toBeVisible();

	await anas.page.getByRole('button', { name: 'About this room' }).click();
	await anas.page.getByRole('button', { name: 'Make Bruno Reis a moderator' }).click();
	await expect(anas.page.getByRole('complementary')).toContainText('@bruno · moderator');
	await expect(brunos.composer).toBeVisible();
	await anas.page.getByRole('button', { name: 'Bruno Reis no longer moderates' }).click();
	await expect(brunos.composer).toHaveCount(0);
});

test('a message is reported with a reason, seen by the moderators, deleted and resolved', async ({
	server,
	open
}) => {
	await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const carla = await server.signUp('carla', 'Carla Dias');
	const room = await bruno.createRoom('Jardim');
	await carla.join(room);
	await carla.post(room, 'Comprem já!');
	const dora = await server.signUp('dora', 'Dora Sá');
	await dora.join(room);

	const doras = await open(dora, { path: `/rooms/${room}` });
	await doras.act('Comprem já!', 'Report');
	await doras.dialog.getByLabel('What is wrong with it? (optional)').fill('Propaganda');
	await doras.dialog.getByRole('button', { name: 'Report' }).click();
	await expect(doras.dialog).toContainText('The moderators have been told.');
	await doras.page.keyboard.press('Escape');
	await expect(doras.sidebar.getByRole('link', { name: 'Reports' })).toHaveCount(0);

	// Bruno made the room: he moderates it.
	const brunos = await open(bruno, { path: `/rooms/${room}` });
	await brunos.sidebar.getByRole('link', { name: 'Reports' }).click();
	const report = brunos.page.getByRole('article', { name: 'Report of a message by Carla Dias' });
	await expect(report).toContainText('Reported by Dora Sá in Jardim');
	await expect(report).toContainText('Propaganda');
	await report.getByRole('button', { name: 'Delete the message' }).click();
	await expect(report).toContainText('for ever');
	await report.getByRole('button', { name: 'Yes, delete' }).click();
	await expect(report).toContainText('deleted');
	await doras.shows('This message was deleted.');
	await report.getByRole('button', { name: 'Mark as resolved' }).click();
	await expect(brunos.page.getByText('Nothing is reported.')).toBeVisible();
	await brunos.page.getByText('All', { exact: true }).click();
	await expect(report).toContainText('Resolved by Bruno Reis');
});

test("one's own message cannot be reported, a moderator deletes others'", async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const bruno = await server.signUp('bruno');
	const room = await ana.createRoom('Jardim');
	await bruno.join(room);
	await ana.appoint(room, bruno);
	await ana.post(room, 'Da Ana.');
	await bruno.post(room, 'Do Bruno.');
	const window = await open(bruno, { path: `/rooms/${room}` });
	await window.row('Do Bruno.').click({ button: 'right' });
	await expect(window.page.getByRole('menuitem', { name: 'Delete' })).toBeVisible();
	await expect(window.page.getByRole('menuitem', { name: 'Report' })).toHaveCount(0);
	await window.page.keyboard.press('Escape');
	await window.act('Da Ana.', 'Delete');
	await window.dialog.getByRole('button', { name: 'Delete' }).click();
	await window.shows('This message was deleted.', 'Do Bruno.');
});

test('a room that is deleted while it is looked at says so and leads on', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const bruno = await server.signUp('bruno');
	const room = await ana.createRoom('Jardim');
	await bruno.join(room);
	const anas = await open(ana, { path: `/rooms/${room}` });
	const brunos = await open(bruno, { path: `/rooms/${room}` });
	await expect(brunos.composer).toBeVisible();

	await anas.page.getByRole('button', { name: 'About this room' }).click();
	await anas.page.getByRole('button', { name: 'Delete the room' }).click();
	const really = anas.dialog.getByRole('button', { name: 'Delete the room' });
	await expect(really).toBeDisabled();
	await anas.dialog.getByLabel('Type Jardim to confirm').fill('Jardim');
	await really.click();
	for (const { page } of [anas, brunos]) {
		await expect(page.getByRole('heading', { level: 1, name: 'Jardim was deleted' })).toBeVisible();
		await page.getByRole('link', { name: 'Go on in General' }).click();
		await expect(page.getByRole('heading', { level: 1, name: 'General' })).toBeVisible();
	}
});

test('a guest is offered no rooms to browse or make, and nobody to invite', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const room = await ana.createRoom('Jardim');
	const bruno = await server.signUp('bruno');
	await bruno.join(room);
	await ana.govern(bruno, { role: 'guest' });
	const window = await open(await bruno.signInAgain(), { path: `/rooms/${room}` });
	await expect(window.composer).toBeVisible();
	for (const name of ['Browse rooms', 'Create a room'])
		await expect(window.page.getByRole('button', { name })).toHaveCount(0);
	await window.page.getByRole('button', { name: 'About this room' }).click();
	await expect(window.page.getByRole('button', { name: 'Leave the room' })).toBeVisible();
	await expect(window.page.getByRole('button', { name: 'Invite people' })).toHaveCount(0);
	await window.page.keyboard.press('Control+k');
	await window.dialog.getByRole('combobox').fill('Create a room');
	await expect(window.dialog.getByText('Nothing found')).toBeVisible();
});
