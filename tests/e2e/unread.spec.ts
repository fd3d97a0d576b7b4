import { expect, test } from './support/test';

test('what is unread is counted in the list and in the title, and goes once it is read, on every device', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const garden = await ana.createRoom('Jardim');
	await bruno.join(garden);
	const laptop = await open(ana);
	const phone = await open(await ana.signInAgain());
	const both = [laptop, phone];
	for (const device of both) await expect(device.page).toHaveTitle('General · Olha Mensagem');

	await bruno.post(garden, 'um');
	for (const device of both) {
		await expect(device.roomLink('Jardim')).toContainText('1 unread message');
		await expect(device.page).toHaveTitle('(1) General · Olha Mensagem');
	}
	await bruno.post(garden, 'dois');
	await bruno.post(garden, 'três');
	const direct = await bruno.openDirect(ana);
	await bruno.post(direct, 'psiu');
	for (const device of both) {
		await expect(device.roomLink('Jardim')).toContainText('3 unread messages');
		await expect(device.roomLink('Bruno Reis')).toContainText('1 unread message');
		await expect(device.page).toHaveTitle('(4) General · Olha Mensagem');
	}

	await laptop.enter('Jardim');
	await laptop.shows('um', 'dois', 'três');
	await expect(laptop.log.getByRole('separator', { name: 'New' })).toBeVisible();
	for (const device of both) await expect(device.roomLink('Jardim')).not.toContainText('unread');
	await expect(laptop.page).toHaveTitle('(1) Jardim · Olha Mensagem');
	await expect(phone.page).toHaveTitle('(1) General · Olha Mensagem');

	await phone.enter('Bruno Reis');
	for (const device of both) await expect(device.roomLink('Bruno Reis')).not.toContainText('unread');
	await expect(laptop.page).toHaveTitle('Jardim · Olha Mensagem');

	// What is right now is right after a reload, too.
	for (const device of both) {
		await device.page.reload();
		await expect(device.roomLink('Jardim')).toBeVisible();
		await expect(device.sidebar).not.toContainText('unread');
	}
});

test('what comes into the room that is being read is not unread, and own messages never are', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const general = await ana.general();
	const laptop = await open(ana);
	const phone = await open(await ana.signInAgain(), { path: `/rooms/${await ana.createRoom('Jardim')}` });
	await expect(laptop.composer).toBeVisible();

	await laptop.say('Bom dia!');
	await laptop.shows('Bom dia!');
	await laptop.settled(); // what is shown at once may still wait for the line
	await bruno.post(general, 'Bom dia, Ana.');
	await laptop.shows('Bom dia!', 'Bom dia, Ana.');
	// Read on the one device, and so on the other.
	await expect.poll(() => ana.unread(general)).toBe(0);
	await expect(phone.roomLink('General')).not.toContainText('unread');
	await expect(laptop.page).toHaveTitle('General · Olha Mensagem');
	await laptop.page.reload();
	await laptop.shows('Bom dia!', 'Bom dia, Ana.');
	await expect(laptop.log.getByRole('separator', { name: 'New' })).toHaveCount(0);
});

test('counts are right after the server was gone', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const garden = await ana.createRoom('Jardim');
	await bruno.join(garden);
	const window = await open(ana);
	await expect(window.composer).toBeVisible();
	await bruno.post(garden, 'um');
	await expect(window.roomLink('Jardim')).toContainText('1 unread message');

	await server.kill();
	await expect(window.connectionLine).toHaveText(/No connection/);
	await server.elsewhere(async () => {
		await bruno.post(garden, 'dois');
		await bruno.post(garden, 'três');
	});
	await server.start();
	await window.wake();
	await expect(window.roomLink('Jardim')).toContainText('3 unread messages');
	await window.enter('Jardim');
	await window.shows('um', 'dois', 'três');
	await expect(window.roomLink('Jardim')).not.toContainText('unread');
});
