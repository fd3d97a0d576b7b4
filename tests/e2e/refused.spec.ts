import { expect, test } from './support/test';

test('a message that is refused for good says why, and can be tried again or deleted', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const general = await ana.general();
	const window = await open(ana);
	await window.say('antes');
	await window.shows('antes');
	await window.settled();
	const long = (name: string) => `${name} ${'comprida demais '.repeat(20)}`.trim();

	// Written while the limit was a higher one.
	await server.kill();
	await expect(window.connectionLine).not.toBeEmpty();
	await window.say(long('primeira'));
	await window.say('curta');
	await window.say(long('segunda'));
	await server.start({ LIMIT_MESSAGE_LENGTH: '100' });
	await window.wake();
	const [first, second] = [window.row('primeira'), window.row('segunda')];
	for (const row of [first, second])
		await expect(row).toContainText('Not sent. The text is too long: at most 100 characters.');
	// It holds up nothing behind it.
	await expect.poll(() => ana.said(general)).toEqual(['antes', 'curta']);

	// It is kept as it is, and so is why.
	await window.page.reload();
	for (const row of [first, second])
		await expect(row).toContainText('Not sent. The text is too long: at most 100 characters.');
	await first.getByRole('button', { name: 'Retry' }).click();
	await expect(first).toContainText('Not sent.');
	await second.getByRole('button', { name: 'Delete' }).click();
	await expect(second).toHaveCount(0);

	await server.kill();
	await server.start();
	await window.wake();
	await expect(window.connectionLine).toBeEmpty();
	await first.getByRole('button', { name: 'Retry' }).click();
	await window.shows('antes', 'curta', long('primeira'));
	await expect(first).not.toContainText('Not sent.');
	await expect.poll(() => ana.said(general)).toEqual(['antes', 'curta', long('primeira')]);
	await window.page.reload();
	await window.shows('antes', 'curta', long('primeira'));
});

test('what is too long is not sent, and how much is told', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana);
	const send = window.page.getByRole('button', { name: 'Send' });
	await window.composer.fill('x'.repeat(3990));
	await expect(window.composer).toHaveAccessibleDescription('10 characters left');
	await expect(send).toBeEnabled();
	await window.composer.fill('x'.repeat(4001));
	await expect(window.composer).toHaveAccessibleDescription('1 character too many');
	await expect(send).toBeDisabled();
	await window.composer.press('Enter');
	await expect(window.composer).toHaveValue('x'.repeat(4001));
	await expect(window.rows).toHaveCount(0);
});

test.describe('said too fast', () => {
	test.use({ settings: { LIMIT_MESSAGES_PER_SECOND: '1', LIMIT_MESSAGE_BURST: '2' } });

	test('a message waits and is said by itself, in its turn and once', async ({ server, open }) => {
		const ana = await server.signUp('ana');
		const bruno = await server.signUp('bruno');
		const general = await ana.general();
		const [anas, brunos] = [await open(ana), await open(bruno)];
		await expect(anas.composer).toBeFocused();
		const texts = ['um', 'dois', 'três', 'quatro', 'cinco'];
		for (const text of texts) await anas.say(text);
		await expect(anas.row('cinco')).toContainText('Sending');
		await anas.shows(...texts);
		await brunos.shows(...texts);
		await anas.settled();
		await expect(anas.log).not.toContainText('Not sent');
		expect(await bruno.said(general)).toEqual(texts);
	});
});
