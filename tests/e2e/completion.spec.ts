import type { Route } from '@playwright/test';
import { expect, test, type Account, type ChatServer, type ChatWindow } from './support/test';

const NARROW = { viewport: { width: 360, height: 720 } };

const list = ({ page }: ChatWindow) => page.getByRole('listbox', { name: 'Suggestions' });
const offers = (window: ChatWindow) => list(window).getByRole('option');
const note = ({ page }: ChatWindow) =>
	page.locator('main [aria-live=polite]').filter({ hasText: 'will not see it' }).last();
const question = ({ page }: ChatWindow) => page.getByRole('alert').filter({ hasText: 'This calls' });

test('a mention is completed by keyboard, and calls whom it means', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	await server.signUp('bruna', 'Bruna Sá');
	const garden = await ana.createRoom('Jardim');
	await bruno.join(garden);
	const anas = await open(ana, { path: `/rooms/${garden}` });
	const brunos = await open(bruno);
	await expect(brunos.composer).toBeVisible();

	await anas.composer.pressSequentially('oi @bru');
	await expect(offers(anas)).toHaveText([
		/^\s*Bruno Reis @bruno\s*$/,
		/Bruna Sá @bruna\s*not in this room/
	]);
	await expect(offers(anas).first()).toHaveAttribute('aria-selected', 'true');
	await expect(anas.composer).toBeFocused();
	await expect(anas.composer).toHaveAttribute(
		'aria-activedescendant',
		(await offers(anas).first().getAttribute('id'))!
	);
	await anas.composer.press('ArrowDown');
	await expect(offers(anas).last()).toHaveAttribute('aria-selected', 'true');
	await anas.composer.press('ArrowDown');
	await anas.composer.press('Enter');
	await expect(anas.composer).toHaveValue('oi @bruno ');
	await expect(list(anas)).toHaveCount(0);
	await anas.composer.pressSequentially('vem?');
	await anas.composer.press('Enter');
	await anas.shows('oi @bruno vem?');
	await expect(brunos.roomLink('Jardim')).toContainText('1 mention');
});

test('a mention is completed by click, in the middle of a text', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await server.signUp('joao', 'João Sá');
	const window = await open(ana);

	await window.composer.fill('oi , tudo bem?');
	await window.composer.press('Home');
	for (let i = 0; i < 3; i++) await window.composer.press('ArrowRight');
	await window.composer.pressSequentially('@jo');
	await offers(window).filter({ hasText: 'João' }).click();
	await expect(window.composer).toHaveValue('oi @joao , tudo bem?');
	await expect(window.composer).toBeFocused();
	await window.page.keyboard.type('e Rui');
	await expect(window.composer).toHaveValue('oi @joao e Rui, tudo bem?');
});

test('a name that is typed out is sent by the first Enter', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await server.signUp('bruno', 'Bruno Reis');
	await server.signUp('bruno.reis', 'Outro Bruno');
	const window = await open(ana);
	await window.composer.pressSequentially('oi @bruno');
	await expect(offers(window)).toHaveCount(2);
	await window.composer.press('Enter');
	await window.shows('oi @bruno');
});

test('whoever spoke last is offered first', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const [bruno, carla, davi] = [
		await server.signUp('bruno', 'Bruno Reis'),
		await server.signUp('carla', 'Carla Dias'),
		await server.signUp('davi', 'Davi Melo')
	];
	const general = await ana.general();
	await carla.post(general, 'um');
	await davi.post(general, 'dois');
	const window = await open(ana);
	await window.shows('um', 'dois');

	await window.composer.pressSequentially('@');
	await expect(offers(window)).toHaveText([
		new RegExp(davi.name),
		new RegExp(carla.name),
		new RegExp(bruno.name),
		/@room Everybody in this room/
	]);
	await window.composer.press('Backspace');
	await expect(list(window)).toHaveCount(0);
});

test('Escape closes the list and nothing else, and it stays closed for this word', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await server.signUp('bruno', 'Bruno Reis');
	const window = await open(ana);
	await window.say('bom dia');
	await window.settled();
	await window.act('bom dia', /Edit/);
	const editing = window.page.getByText('Editing your message');
	await expect(editing).toBeVisible();

	await window.composer.pressSequentially(' @br');
	await expect(offers(window)).toHaveCount(1);
	await window.composer.press('Escape');
	await expect(list(window)).toHaveCount(0);
	await expect(editing).toBeVisible();
	await window.composer.pressSequentially('u');
	await expect(list(window)).toHaveCount(0);
	await window.composer.pressSequentially(' @b');
	await expect(offers(window)).toHaveCount(1);
	await window.composer.press('Home');
	await expect(list(window)).toHaveCount(0);
	await window.composer.press('Escape');
	await expect(editing).toHaveCount(0);
});

test('nothing is offered in code', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await server.signUp('bruno', 'Bruno Reis');
	const window = await open(ana);
	await window.composer.pressSequentially('`@bru');
	await expect(window.composer).toHaveValue('`@bru');
	await expect(list(window)).toHaveCount(0);
	await window.composer.pressSequentially('` @bru');
	await expect(offers(window)).toHaveCount(1);
});

test('rooms are completed by name', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await ana.createRoom('Café da manhã');
	await ana.createRoom('Jardim');
	const window = await open(ana);
	await window.composer.pressSequentially('ver #manha');
	await expect(offers(window)).toHaveText(['Café da manhã']);
	await window.composer.press('Tab');
	await expect(window.composer).toHaveValue('ver #Café da manhã ');
	await expect(window.composer).toBeFocused();
});

test('shortcodes are completed, and replaced when they are typed out; smileys stay', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const window = await open(ana);
	await window.composer.pressSequentially(':)');
	await expect(window.composer).toHaveValue(':)');
	await window.composer.fill('');
	await window.composer.pressSequentially('viva :tad');
	await expect(offers(window).first()).toContainText(':tada:');
	await window.composer.press('Enter');
	await expect(window.composer).toHaveValue('viva 🎉');
	await window.composer.pressSequentially(' :rocket: :nada_disso:');
	await expect(window.composer).toHaveValue('viva 🎉 🚀 :nada_disso:');
	await window.composer.press('Enter');
	await window.shows('viva 🎉 🚀 :nada_disso:');
});

test('who is not in the room is told about, and can be invited', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	await server.signUp('carla', 'Carla Dias');
	const garden = await ana.createRoom('Jardim');
	await bruno.join(garden);
	const window = await open(ana, { path: `/rooms/${garden}` });

	await window.composer.fill('@bruno e @carla.');
	await expect(note(window)).toContainText('Carla Dias is not in this room and will not see it.');
	await note(window).getByRole('button', { name: 'Invite' }).click();
	// Whom the note was about is chosen already.
	await expect(window.dialog.getByRole('button', { name: 'Remove Carla Dias' })).toBeVisible();
	await window.dialog.getByRole('button', { name: 'Invite', exact: true }).click();
	await expect(window.dialog).toHaveCount(0);
	await expect(note(window)).toHaveCount(0);
});

test('nobody can be invited to a direct message', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	await server.signUp('carla', 'Carla Dias');
	const direct = await ana.openDirect(bruno);
	const window = await open(ana, { path: `/rooms/${direct}` });
	await window.composer.fill('fala com @carla');
	await expect(note(window)).toContainText('Carla Dias is not in this room');
	await expect(note(window).getByRole('button')).toHaveCount(0);
});

test('calling everybody is asked about where there are more than twenty', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const general = await ana.general();
	await crowd(server, 20);
	const window = await open(ana);
	const sent = () => ana.said(general);

	await window.composer.pressSequentially('@ro');
	await offers(window).filter({ hasText: 'Everybody in this room' }).click();
	await window.composer.pressSequentially('olá');
	await window.composer.press('Enter');
	await expect(question(window)).toContainText('This calls 20 people. Send anyway?');
	await window.composer.press('Escape');
	await expect(question(window)).toHaveCount(0);
	await window.composer.press('Enter');
	await expect(question(window)).toBeVisible();
	await window.composer.pressSequentially('!');
	await expect(question(window)).toHaveCount(0);
	expect(await sent()).toEqual([]);

	await window.composer.press('Enter');
	await expect(question(window)).toBeVisible();
	await window.composer.press('Enter');
	await window.shows('@room olá!');
	await window.say('@room de novo');
	await question(window).getByRole('button', { name: 'Send anyway' }).click();
	await window.shows('@room olá!', '@room de novo');
	await expect(window.composer).toBeFocused();
	await window.say('`@room`');
	await window.shows('@room olá!', '@room de novo', '@room');
});

test('calling everybody is not asked about among twenty', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await crowd(server, 19);
	const window = await open(ana);
	await window.say('@room olá');
	await window.shows('@room olá');
});

test('calling everybody waits until it is known how many they are', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const garden = await ana.createRoom('Jardim');
	for (const person of await crowd(server, 20)) await person.join(garden);
	const small = await ana.createRoom('Ateliê');
	const window = await open(ana, { path: `/rooms/${garden}` });
	const held: Route[] = [];
	await window.page.route('**/members', (route) => void held.push(route));
	const asked = async () => {
		await expect.poll(() => held.length).toBe(1);
		return held.pop()!;
	};

	await window.say('@room olá');
	await window.composer.press('Enter');
	await (await asked()).continue();
	await expect(question(window)).toContainText('This calls 20 people. Send anyway?');
	expect(await ana.said(garden)).toEqual([]);
	await window.composer.press('Enter');
	await window.shows('@room olá');

	// Among few it goes as soon as that is known; where it cannot be known, the question has no number.
	await window.enter('Ateliê');
	await window.say('@room pouca gente');
	await (await asked()).continue();
	await window.shows('@room pouca gente');
	await ana.createRoom('Beco');
	await window.enter('Beco');
	await window.say('@room quantos?');
	await (await asked()).abort();
	await expect(question(window)).toContainText('This calls everybody in the room. Send anyway?');
	await question(window).getByRole('button', { name: 'Send anyway' }).click();
	await window.shows('@room quantos?');
	expect(await ana.said(small)).toEqual(['@room pouca gente']);
});

test('the list fits a narrow screen', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await server.signUp('bruno', 'Bruno de Alcântara Machado e Albuquerque');
	const window = await open(ana, { ...NARROW, path: `/rooms/${await ana.general()}` });
	await window.composer.pressSequentially('@b');
	await expect(offers(window)).toHaveCount(1);
	const box = (await list(window).boundingBox())!;
	expect(box.x).toBeGreaterThanOrEqual(0);
	expect(box.x + box.width).toBeLessThanOrEqual(360);
	expect(await window.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

/** So many more people, who are all in General. */
async function crowd(server: ChatServer, count: number) {
	const people: Account[] = [];
	for (let at = 0; at < count; at++) people.push(await server.signUp(`pessoa${at}`, `Pessoa ${at}`));
	return people;
}
