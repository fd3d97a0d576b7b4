import {
	anotherTab,
	friends,
	lookAway,
	ready,
	recorded,
	setLevel,
	stillShown,
	told
} from './support/notices';
import { expect, test } from './support/test';

test('what was missed without a connection is told after it: a few one by one, many as a sum', async ({
	server,
	open
}) => {
	const { ana, bruno, garden } = await friends(server);
	const muted = await ana.createRoom('Mudo');
	await bruno.join(muted);
	const pair = await bruno.openDirect(ana);
	const first = await recorded(open, ana, 'granted');
	const second = await anotherTab(first);
	await ready(first, second);
	await setLevel(first, 'Mudo', /^Nothing$/);
	await first.enter('General');
	const general = await ana.general();
	const meanwhile = async (visit: () => Promise<unknown>) => {
		await server.kill();
		for (const { connectionLine } of [first, second])
			await expect(connectionLine).toHaveText(/No connection/);
		await server.elsewhere(async () => void (await visit()));
		await server.start();
		for (const window of [first, second]) await window.wake();
		for (const { connectionLine } of [first, second]) await expect(connectionLine).toBeEmpty();
	};

	await meanwhile(async () => {
		await bruno.post(garden, 'ninguém em especial');
		await bruno.post(garden, '@ana um');
		await bruno.post(muted, '@ana nada');
		await bruno.post(pair, 'dois');
	});
	await expect
		.poll(async () => (await told(first, second)).map(({ body }) => body))
		.toEqual(['@ana um', 'dois']);
	// What had been heard before is not told again, and what is read is no news.
	await meanwhile(async () => {
		await ana.read(garden);
		for (let i = 0; i < 3; i++) await bruno.post(pair, `${i}`);
		await bruno.post(garden, '@ana de novo');
	});
	await expect.poll(() => stillShown(first, second)).toContain('Jardim and Bruno Reis');
	const all = await told(first, second);
	expect(all).toHaveLength(3);
	// Either window may be the one that tells.
	expect(all.find(({ tag }) => tag === 'olha-missed')?.title).toBe(
		'4 messages for you while there was no connection'
	);

	await ana.read(garden);
	await ana.read(pair);
	await expect.poll(() => stillShown(first, second)).toEqual([]);

	// Whoever opens the page sees what is unread.
	await first.page.close();
	await second.open('/favicon.svg');
	await bruno.post(garden, '@ana antes');
	await second.open('/');
	await expect(second.roomLink('Jardim')).toContainText('1 mention');
	await lookAway(second);
	await bruno.post(general, '@ana depois');
	await expect.poll(async () => (await told(second)).map(({ body }) => body)).toEqual(['@ana depois']);
});
