import { FOR_OTHERS } from './support/server';
import {
	anotherTab,
	friends,
	heardBy,
	lookAway,
	ready,
	recorded,
	recorder,
	setLevel,
	sounds,
	stillShown,
	told,
	waits,
	type Recorder
} from './support/notices';
import { expect, test } from './support/test';

test.use({ settings: FOR_OTHERS });

test('a mention in another room is told once, although two tabs are open, and a click opens it', async ({
	server,
	open
}) => {
	const { ana, bruno, garden } = await friends(server);
	const first = await recorded(open, ana, 'granted');
	const second = await anotherTab(first);
	await ready(first, second);

	await bruno.post(garden, 'ninguém em especial');
	const { seq } = await bruno.post(garden, '@ana **vem** ver `isto` https://example.org/_a_');
	await expect.poll(() => told(first, second)).toHaveLength(1);
	expect(await told(first, second)).toEqual([
		{
			title: 'Bruno Reis in Jardim',
			body: '@ana vem ver isto https://example.org/_a_',
			tag: `olha-room-${garden}`,
			icon: expect.stringMatching(/^data:image\/png;base64,/),
			closed: false
		}
	]);
	// Nothing comes late: what is told next is the second one.
	await bruno.post(garden, '@room atenção');
	await expect.poll(() => told(first, second)).toHaveLength(2);

	const teller = (await recorder(first)).told.length > 0 ? first : second;
	await teller.page.evaluate(() => (window as unknown as { recorder: Recorder }).recorder.click(0));
	await expect(teller.page).toHaveURL(`/rooms/${garden}?at=${seq}`);
	await expect(teller.row('vem')).toBeVisible();
	// Read, and so taken back.
	await expect.poll(() => stillShown(first, second)).toEqual([]);
});

test('when the tab that tells is closed another one takes over', async ({ server, open }) => {
	const { ana, bruno, garden } = await friends(server);
	const first = await recorded(open, ana, 'granted');
	const second = await anotherTab(first);
	await ready(first, second);
	await bruno.post(garden, '@ana um');
	await expect.poll(() => told(first, second)).toHaveLength(1);

	const [teller, other] = (await recorder(first)).told.length > 0 ? [first, second] : [second, first];
	// Who is closed before the others have heard what it told leaves it to be told again.
	await heardBy(other, teller, ana.id);
	await teller.page.close();
	// A page may live on for a moment after it was closed: the other one has taken over once it waits no more.
	await expect.poll(() => waits(other)).toBe(false);
	await bruno.post(garden, '@ana dois');
	await expect.poll(async () => (await told(other)).map(({ body }) => body)).toEqual(['@ana dois']);
});

test('a room that is looked at in another window is not told of', async ({ server, open }) => {
	const { ana, bruno, garden } = await friends(server);
	const first = await recorded(open, ana, 'granted');
	const second = await anotherTab(first, `/rooms/${garden}`);
	await ready(first, second);
	await bruno.post(garden, '@ana aqui');
	await second.shows('@ana aqui');
	await bruno.post(await bruno.openDirect(ana), 'psiu');
	await expect.poll(async () => (await told(first, second)).map(({ body }) => body)).toEqual(['psiu']);
	expect((await told(first, second))[0]!.title).toBe('Bruno Reis');

	// Without the focus nobody looks, whatever is on the screen.
	await lookAway(second);
	await heardBy(first, second, ana.id);
	await bruno.post(garden, '@ana e agora?');
	await expect
		.poll(async () => (await told(first, second)).map(({ body }) => body))
		.toEqual(['psiu', '@ana e agora?']);
});

test('the level of a room decides, and edits, reactions, own messages and system lines are no news', async ({
	server,
	open
}) => {
	const { ana, bruno, garden } = await friends(server);
	const muted = await ana.createRoom('Mudo');
	const loud = await ana.createRoom('Alto');
	for (const room of [muted, loud]) await bruno.join(room);
	const window = await recorded(open, ana, 'granted');
	await setLevel(window, 'Mudo', /^Nothing$/);
	await setLevel(window, 'Alto', 'Everything');
	await window.enter('General');
	await lookAway(window);

	const { seq } = await bruno.post(garden, 'sem nome');
	await bruno.edit(garden, seq, 'com nome @ana');
	await bruno.react(garden, seq, '👍');
	await bruno.post(muted, '@ana nada');
	await ana.post(garden, 'minha');
	const carla = await server.signUp('carla', 'Carla Nunes');
	await carla.join(loud);
	await bruno.post(loud, 'tudo se ouve');
	await expect.poll(() => told(window)).toHaveLength(1);
	expect((await told(window)).map(({ title, body }) => [title, body])).toEqual([
		['Bruno Reis in Alto', 'tudo se ouve']
	]);
	// Of the muted room the mention is counted all the same; what else is unread there is not.
	await bruno.post(muted, 'nem isto');
	await expect(window.page).toHaveTitle('(3) General · Olha Mensagem');
});

test('what is read on another device, or deleted, is taken back', async ({ server, open }) => {
	const { ana, bruno, garden } = await friends(server);
	const window = await recorded(open, ana, 'granted');
	await ready(window);
	await bruno.post(garden, '@ana lido noutro lugar');
	await expect.poll(() => stillShown(window)).toHaveLength(1);
	await ana.read(garden);
	await expect.poll(() => stillShown(window)).toEqual([]);

	const { seq } = await bruno.post(garden, '@ana engano');
	await expect.poll(() => stillShown(window)).toHaveLength(1);
	await bruno.delete(garden, seq);
	await expect.poll(() => stillShown(window)).toEqual([]);
});

test('the browser is asked on a click only: offered after the first mention, and never again once answered', async ({
	server,
	open
}) => {
	const { ana, bruno, garden } = await friends(server);
	const window = await recorded(open, ana, 'default');
	await ready(window);
	const offer = window.page.getByText('Do you want to be told');
	await bruno.post(garden, 'ainda não');
	await expect(window.roomLink('Jardim')).toContainText('1 unread');
	await expect(offer).toHaveCount(0);
	expect((await recorder(window)).asked).toBe(0);

	await bruno.post(garden, '@ana agora');
	await expect(offer).toBeVisible();
	await window.page.getByRole('button', { name: 'Not now' }).click();
	await expect(offer).toHaveCount(0);
	await expect(window.composer).toBeFocused();
	await window.page.reload();
	await ready(window);
	await bruno.post(garden, '@ana de novo');
	await expect(window.roomLink('Jardim')).toContainText('2 mentions');
	await expect(offer).toHaveCount(0);
	expect((await recorder(window)).asked).toBe(0);

	await window.settings('Notifications');
	await window.page.getByRole('switch', { name: 'Desktop notifications' }).click();
	await expect(window.page.getByRole('switch', { name: 'Desktop notifications' })).toBeChecked();
	expect((await recorder(window)).asked).toBe(1);
	await window.page.getByRole('button', { name: 'Send a test' }).click();
	await expect.poll(async () => (await told(window)).map(({ tag }) => tag)).toEqual(['olha-test']);
	await window.page.getByRole('switch', { name: 'Desktop notifications' }).click();
	await window.page.keyboard.press('Escape');
	await bruno.post(garden, '@ana desligado');
	await expect(window.roomLink('Jardim')).toContainText('3 mentions');
	expect(await told(window)).toHaveLength(1);
});

test('a browser that forbids them, and one without https, are explained', async ({ server, open }) => {
	const { ana } = await friends(server);
	const window = await recorded(open, ana, 'denied');
	await window.settings('Notifications');
	await expect(window.page.locator('main')).toContainText('Your browser blocks them for this page.');
	await expect(window.page.getByRole('switch', { name: 'Desktop notifications' })).toHaveCount(0);

	const plain = await open(ana, { origin: server.lanOrigin });
	await plain.settings('Notifications');
	await expect(plain.page.locator('main')).toContainText('only over a secure connection');
});

test('a sound is heard in one tab, for what means the person, and not once it is turned off', async ({
	server,
	open
}) => {
	const { ana, bruno, garden } = await friends(server);
	const first = await recorded(open, ana, 'denied', { origin: server.lanOrigin });
	const second = await anotherTab(first);
	await ready(first, second);
	// Browsers keep a page silent until it has been touched.
	for (const { composer } of [first, second]) await composer.click();
	await bruno.post(garden, 'sem som');
	await bruno.post(garden, '@ana com som');
	await expect.poll(() => sounds(first, second)).toBe(1);

	await first.settings('Notifications');
	await first.page.getByText('Off', { exact: true }).click();
	await first.page.keyboard.press('Escape');
	await expect
		.poll(() => second.page.evaluate(() => localStorage.getItem('olha.notify.sound')))
		.toBe('off');
	await bruno.post(garden, '@ana calado');
	for (const window of [first, second]) await expect(window.roomLink('Jardim')).toContainText('2 mentions');
	expect(await sounds(first, second)).toBe(1);
});

test('the icon of the tab says what waits', async ({ server, open }) => {
	const { ana, bruno, garden } = await friends(server);
	const window = await recorded(open, ana, 'granted');
	await ready(window);
	const icon = () =>
		window.page.evaluate(() => document.querySelector<HTMLLinkElement>('link[rel="icon"]')!.href);
	expect(await icon()).toMatch(/favicon\.svg$/);
	await bruno.post(garden, 'um');
	await expect.poll(icon).toMatch(/^data:image\/png/);
	const unread = await icon();
	await bruno.post(garden, '@ana dois');
	await expect.poll(icon).not.toBe(unread);
	expect(await icon()).toMatch(/^data:image\/png/);
	await window.enter('Jardim');
	await expect.poll(icon).toMatch(/favicon\.svg$/);
});
