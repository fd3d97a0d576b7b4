import { expect, test } from './support/test';

test.use({ settings: { LIMIT_MESSAGES_PER_SECOND: '0' } });

test('a message is edited from the keyboard, everybody sees it, and its history stays', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const [anas, brunos] = [await open(ana), await open(bruno)];
	await anas.say('bom dai');
	await brunos.shows('bom dai');
	await anas.settled();

	await anas.composer.press('ArrowUp');
	await expect(anas.composer).toHaveValue('bom dai');
	await expect(anas.page.getByText('Editing your message')).toBeVisible();
	await anas.composer.press('Escape');
	await expect(anas.composer).toHaveValue('');
	await anas.composer.press('ArrowUp');
	await anas.composer.fill('bom dia');
	await anas.composer.press('Enter');
	for (const window of [anas, brunos]) {
		await window.shows('bom dia');
		await expect(window.row('bom dia')).toContainText('(edited)');
	}
	await expect(anas.composer).toHaveValue('');
	await expect(anas.composer).toBeFocused();

	await brunos.row('bom dia').getByRole('button', { name: '(edited)' }).click();
	await expect(brunos.dialog).toContainText('bom dai');
	await brunos.page.keyboard.press('Escape');
	await brunos.page.reload();
	await brunos.shows('bom dia');
});

test('a deleted message leaves one faint line on every screen, and is no longer unread', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const garden = await ana.createRoom('Jardim');
	await bruno.join(garden);
	const brunos = await open(bruno);
	const anas = await open(ana, { path: `/rooms/${garden}` });
	await anas.say('segredo @bruno');
	await expect(brunos.roomLink('Jardim')).toContainText('1 mention');

	await anas.act('segredo', 'Delete');
	await expect(anas.dialog).toContainText('segredo');
	await anas.dialog.getByRole('button', { name: 'Delete' }).click();

	await expect(anas.row('This message was deleted.')).toBeVisible();
	await expect(brunos.roomLink('Jardim')).not.toContainText('mention');
	await expect(brunos.roomLink('Jardim')).not.toContainText('unread');
	await brunos.enter('Jardim');
	await expect(brunos.row('This message was deleted.')).toBeVisible();
	await expect(brunos.log).not.toContainText('segredo');
});

test('a reply shows what it answers as it is now, and leads there', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const general = await ana.general();
	const question = await ana.post(general, 'quem vem?');
	for (let i = 0; i < 80; i++) await ana.post(general, `conversa ${i}`);
	await ana.read(general);
	await bruno.read(general);
	const anas = await open(ana);
	const brunos = await open(bruno, { path: `/rooms/${general}?at=${question.seq}` });
	await expect(brunos.row('quem vem?')).toBeInViewport();

	await brunos.act('quem vem?', 'Reply');
	await expect(brunos.page.getByText('Replying to Ana Lima:')).toBeVisible();
	await expect(brunos.composer).toBeFocused();
	await brunos.say('eu vou');
	await expect(anas.row('eu vou')).toContainText('quem vem?');
	await expect(brunos.page.getByText('Replying to')).toHaveCount(0);

	await ana.edit(general, question.seq, 'quem vem hoje?');
	for (const window of [anas, brunos]) await expect(window.row('eu vou')).toContainText('quem vem hoje?');
	await anas
		.row('eu vou')
		.getByRole('button', { name: /In reply to/ })
		.click();
	await expect(anas.rows.filter({ hasText: /^.*quem vem hoje\?/ }).first()).toBeInViewport();

	await ana.delete(general, question.seq);
	await expect(brunos.row('eu vou')).toContainText('This message was deleted.');
	await expect(brunos.row('eu vou')).not.toContainText('quem vem');
});

test('reactions are put, counted and taken away in two windows', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const general = await ana.general();
	const said = await ana.post(general, 'pronto!');
	const [anas, brunos] = [await open(ana), await open(bruno)];

	await brunos.row('pronto!').hover();
	await brunos.row('pronto!').getByRole('button', { name: 'React with 👍' }).click();
	await expect(anas.row('pronto!').getByRole('button', { name: '👍: Bruno Reis' })).toHaveText('👍1');
	await anas.row('pronto!').getByRole('button', { name: '👍: Bruno Reis' }).click();
	for (const [window, who] of [
		[anas, '👍: Bruno Reis and you'],
		[brunos, '👍: you and Ana Lima']
	] as const)
		await expect(window.row('pronto!').getByRole('button', { name: who })).toHaveText('👍2');
	await ana.react(general, said.seq, '🎉');
	await expect(brunos.row('pronto!').getByRole('list', { name: 'Reactions' })).toContainText('🎉');
	await brunos.row('pronto!').getByRole('button', { name: '👍: you and Ana Lima' }).click();
	await expect(anas.row('pronto!').getByRole('button', { name: '👍: you' })).toHaveText('👍1');
	await anas.page.reload();
	await expect(anas.row('pronto!').getByRole('button', { name: '👍: you' })).toBeVisible();
});

test('what is pinned is found in the panel, and leads to its place', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const general = await ana.general();
	await ana.post(general, 'a senha do wifi é girassol');
	const [anas, brunos] = [await open(ana), await open(bruno)];

	await anas.act('girassol', /^Pin/);
	await expect(brunos.row('girassol')).toContainText('Pinned by Ana Lima');
	await brunos.page.getByRole('button', { name: 'Pinned messages' }).click();
	const panel = brunos.page.getByRole('complementary', { name: 'Pinned messages' });
	await expect(panel).toContainText('girassol');
	await panel.getByRole('button', { name: /girassol/ }).click();
	await expect(brunos.row('girassol')).toBeFocused();
	await anas.act('girassol', /^Unpin/);
	await expect(panel).toContainText('Nothing is pinned yet.');
});

test('a draft follows its writer from device to device, and is gone once it is sent', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const garden = await ana.createRoom('Jardim');
	const laptop = await open(ana, { path: `/rooms/${garden}` });
	const phone = await open(await ana.signInAgain());
	await expect(phone.composer).toBeVisible();

	await laptop.composer.fill('comecei aqui');
	await expect(
		phone.roomLink('Jardim').getByRole('img', { name: 'You have begun to write here' })
	).toBeVisible();
	await phone.enter('Jardim');
	await expect(phone.composer).toHaveValue('comecei aqui');
	await phone.composer.fill('comecei aqui, terminei ali');
	await expect(laptop.composer).toHaveValue('comecei aqui, terminei ali');
	await phone.composer.press('Enter');
	await laptop.shows('comecei aqui, terminei ali');
	await expect(laptop.composer).toHaveValue('');
	await laptop.page.reload();
	await expect(laptop.composer).toHaveValue('');
});

test('what is put back to unread stays unread on every device until the room is opened again', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const garden = await ana.createRoom('Jardim');
	await bruno.join(garden);
	for (const text of ['um', 'dois', 'três']) await bruno.post(garden, text);
	const laptop = await open(ana, { path: `/rooms/${garden}` });
	const phone = await open(await ana.signInAgain());
	await laptop.shows('um', 'dois', 'três');
	await expect(phone.roomLink('Jardim')).not.toContainText('unread');

	await laptop.act('dois', /Mark unread/);
	await expect(phone.roomLink('Jardim')).toContainText('2 unread messages');
	await expect(laptop.log.getByRole('separator', { name: 'New' })).toBeVisible();
	await bruno.post(garden, 'quatro');
	await expect(phone.roomLink('Jardim')).toContainText('3 unread messages');
	await laptop.enter('General');
	await expect(laptop.roomLink('Jardim')).toContainText('3 unread messages');
	await laptop.enter('Jardim');
	await expect(phone.roomLink('Jardim')).not.toContainText('unread');
});

test('a message is forwarded, and its link leads back to it', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const general = await ana.general();
	await ana.createRoom('Jardim');
	const said = await ana.post(general, 'a chave está no vaso');
	const window = await open(ana);

	await window.act('vaso', 'Forward');
	await window.dialog.getByLabel('Say something with it').fill('vejam');
	await window.dialog.getByRole('button', { name: /Jardim/ }).click();
	await window.enter('Jardim');
	await expect(window.row('vejam')).toContainText('a chave está no vaso');
	await expect(window.row('vejam').getByRole('link', { name: 'Ana Lima in General' })).toHaveAttribute(
		'href',
		`${server.origin}/rooms/${general}?at=${said.seq}`
	);
});

test('messages are walked and acted on by keyboard', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const general = await ana.general();
	for (const text of ['um', 'dois', 'três']) await ana.post(general, text);
	const window = await open(ana);
	const { keyboard } = window.page;
	await window.shows('um', 'dois', 'três');

	await window.log.focus();
	await keyboard.press('ArrowUp');
	await expect(window.row('três')).toBeFocused();
	await keyboard.press('ArrowUp');
	await expect(window.row('dois')).toBeFocused();
	await keyboard.press('r');
	await expect(window.composer).toBeFocused();
	await window.say('resposta');
	await expect(window.row('resposta')).toContainText('dois');
	await window.log.focus();
	await keyboard.press('ArrowUp');
	await keyboard.press('ArrowUp');
	await expect(window.row('três')).toBeFocused();
	await keyboard.press('Enter');
	await expect(window.page.getByRole('menu')).toBeVisible();
	await keyboard.press('Escape');
	await expect(window.row('três')).toBeFocused();
	await keyboard.press('Delete');
	await window.dialog.getByRole('button', { name: 'Delete' }).press('Enter');
	await expect(window.row('três')).toHaveCount(0);
	await window.log.focus();
	await keyboard.press('Escape');
	await expect(window.composer).toBeFocused();
});

test('a muted room does not call, except who is meant', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const garden = await ana.createRoom('Jardim');
	await bruno.join(garden);
	const window = await open(ana, { path: `/rooms/${garden}` });

	await window.page.getByRole('button', { name: 'Notifications: Mentions' }).click();
	await window.page.getByRole('menuitem', { name: 'Nothing', exact: true }).click();
	await expect(window.page.getByRole('button', { name: 'Notifications: Nothing' })).toBeVisible();
	await window.enter('General');
	await bruno.post(garden, 'barulho');
	await bruno.post(garden, 'ei @ana');
	await expect(window.roomLink('Jardim')).toContainText('1 mention');
	await expect(window.roomLink('Jardim')).not.toContainText('unread');
});

test('who has seen a message is told once the owner turns it on', async ({ server, open }) => {
	const owner = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	await server.signUp('carla', 'Carla Nunes');
	const general = await owner.general();
	await owner.post(general, 'viram?');
	await bruno.read(general);
	const anas = await open(owner);
	await anas.row('viram?').click({ button: 'right' });
	await expect(anas.page.getByRole('menuitem', { name: 'Copy text' })).toBeVisible();
	await expect(anas.page.getByRole('menuitem', { name: 'Seen by' })).toHaveCount(0);
	await anas.page.keyboard.press('Escape');

	const admin = await open(owner, { path: '/admin/settings' });
	const receipts = admin.page.locator('form').filter({ has: admin.page.getByRole('switch') });
	await receipts.getByRole('switch', { name: 'Show who has seen a message' }).click();
	await receipts.getByRole('button', { name: 'Save' }).click();
	await expect(receipts).toContainText('Saved.');

	await anas.act('viram?', 'Seen by');
	await expect(anas.dialog.getByRole('listitem')).toHaveText(['Bruno Reis']);
});
