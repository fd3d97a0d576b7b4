import { isSound } from './support/sound';
import { expect, test, type ChatWindow } from './support/test';

const RICH = `Some **bold**, *italic*, ~~gone~~ and \`code\`, ||a secret||
and [words](https://example.org/a) or https://example.org/b.

- one
- two
  - inside

2. second
5. fifth

> said before

\`\`\`ts
const answer: number = 42;
\`\`\``;

const body = (window: ChatWindow, text: string) => window.row(text).locator('[data-body]');

/** What is drawn, without what differs between two drawings of the same. */
const drawn = (window: ChatWindow, text: string) =>
	body(window, text).evaluate((element) => element.innerHTML.replace(/bits-[\w-]+|<!--.*?-->/g, ''));

const heightOf = async (window: ChatWindow, text: string) => (await body(window, text).boundingBox())!.height;

test('markup is drawn alike where it is written, where it is read and after a reload', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const [anas, brunos] = [await open(ana), await open(bruno)];
	await anas.say(RICH);
	const row = body(anas, 'Some bold');
	await expect(row).toBeVisible();
	const unsent = await heightOf(anas, 'Some bold');
	await anas.settled();
	expect(await heightOf(anas, 'Some bold')).toBe(unsent);

	await expect(row.locator('strong')).toHaveText('bold');
	await expect(row.locator('em')).toHaveText('italic');
	await expect(row.locator('s')).toHaveText('gone');
	await expect(row.locator('p code')).toHaveText('code');
	await expect(row.getByRole('link')).toHaveText(['words', 'https://example.org/b']);
	await expect(row.locator('a').first()).toHaveAttribute('rel', 'noopener noreferrer');
	await expect(row.locator('ul li li')).toHaveText('inside');
	await expect(row.locator('ol > li')).toHaveText(['second', 'fifth']);
	await expect(row.locator('ol > li').last()).toHaveAttribute('value', '5');
	await expect(row.locator('blockquote')).toHaveText('said before');
	await expect(row.locator('pre')).toHaveText('const answer: number = 42;');
	await expect(row.locator('pre span').first()).toHaveText('const');

	await expect(body(brunos, 'Some bold').locator('pre span').first()).toBeVisible();
	const here = await drawn(anas, 'Some bold');
	expect(await drawn(brunos, 'Some bold')).toBe(here);
	await anas.page.reload();
	await expect(row.locator('pre span').first()).toBeVisible();
	expect(await drawn(anas, 'Some bold')).toBe(here);
	expect(await heightOf(anas, 'Some bold')).toBe(unsent);
});

test('what is no markup here is shown as it was typed and runs nothing', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana);
	const texts = [
		'plain  with   spaces\n\n\nand lines',
		'<img src=x onerror="document.title=1"><script>document.title = 2</script> <b>x</b>',
		'&lt;b&gt; &amp; &#65;',
		'# x\n---\n| a | b |\n|---|---|\n[a]: b\n    c',
		'[a](javascript:alert(1)) [b](data:text/html,x) javascript:alert(2)'
	];
	for (const text of texts) await window.say(text);
	await window.shows(...texts);
	await expect(window.log.locator('[data-body] a, [data-body] img, [data-body] b')).toHaveCount(0);
	await expect(window.page).not.toHaveTitle(/^\d/);
});

test('a spoiler is opened by click and by key, and is read by nobody before', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana);
	await window.say('The end: ||everybody wins||.');
	await window.settled();
	const button = window.log.getByRole('button', { name: 'Hidden text' });
	const secret = window.log.getByText('everybody wins', { exact: true });
	await expect(secret).toBeHidden();
	await expect(button).toHaveAttribute('aria-expanded', 'false');
	await expect(body(window, 'The end')).toMatchAriaSnapshot(`
		- paragraph:
		  - text: "The end:"
		  - button "Hidden text"
		  - text: "."
	`);
	const closed = await heightOf(window, 'The end');

	const place = (await body(window, 'The end').locator('span.invisible').boundingBox())!;
	await window.page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
	await expect(secret).toBeVisible();
	await expect(button).toHaveAttribute('aria-expanded', 'true');
	expect(await heightOf(window, 'The end')).toBe(closed);
	for (const key of ['Enter', 'Space']) {
		await button.press(key);
		await expect(secret).toBeHidden();
		await button.press(key);
		await expect(secret).toBeVisible();
	}
	await expect(button).toBeFocused();
});

test('code is coloured, copied and scrolled', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana);
	await window.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.origin });
	const code = `if (true) {\n\treturn "${'long '.repeat(60)}";\n}`;
	await ana.post(await ana.general(), `\`\`\`js\n${code}\n\`\`\``);
	await ana.post(await ana.general(), '```nosuchlanguage\nx = 1\n```');
	const block = window.log.getByRole('group', { name: 'Code, js' });
	await expect(block.locator('.text-code-keyword').first()).toHaveText('if');
	expect(await block.textContent()).toBe(code);
	await expect(window.log.getByRole('group', { name: 'Code, nosuchlanguage' }).locator('span')).toHaveCount(
		0
	);

	await window.log.getByRole('button', { name: 'Copy code' }).first().click();
	await expect(window.log.getByRole('status').first()).toHaveText('Copied');
	expect(await window.page.evaluate(() => navigator.clipboard.readText())).toBe(code);

	await block.focus();
	await window.page.keyboard.press('ArrowRight');
	await expect.poll(() => block.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
});

test('who is named stands out, also before it is sent, and code names nobody', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const [anas, brunos] = [await open(ana), await open(bruno)];
	await expect(brunos.composer).toBeFocused();
	await anas.context.setOffline(true);
	const text = '**@Bruno.** and @room, not @nobody nor `@bruno`';
	await anas.say(text);
	const chips = (window: ChatWindow) => window.log.locator('[data-mention]');
	await expect(chips(anas)).toHaveText(['@Bruno', '@room']);
	await anas.context.setOffline(false);
	await anas.wake();
	await anas.settled();
	await expect(chips(anas)).toHaveText(['@Bruno', '@room']);
	await expect(chips(anas).first()).toHaveAttribute('title', 'Bruno Reis');
	await expect(chips(anas).first()).toHaveAttribute('data-mention', 'other');
	await expect(chips(brunos)).toHaveText(['@Bruno', '@room']);
	await expect(chips(brunos).first()).toHaveAttribute('data-mention', 'own');
});

test('a link to a room opens it here', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const garden = await ana.createRoom('Jardim de inverno');
	const window = await open(ana);
	await window.say(`${server.origin}/rooms/${garden} or #jardim de Inverno, not #Jardim itself`);
	await window.settled();
	await window.page.evaluate(() => Object.assign(globalThis, { same: true }));
	for (const name of [/^http/, '#jardim de Inverno']) {
		await window.log.getByRole('link', { name }).click();
		await expect(window.page.getByRole('heading', { level: 1, name: 'Jardim de inverno' })).toBeVisible();
		expect(await window.page.evaluate(() => 'same' in globalThis)).toBe(true);
		await window.enter('General');
	}
});

test('a few emoji are large', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana);
	await window.say('👩🏽‍🚀 🇧🇷');
	await window.say('👩🏽‍🚀 up');
	await window.settled();
	expect(await heightOf(window, '🇧🇷')).toBeGreaterThan(await heightOf(window, 'up'));
});

for (const theme of ['light', 'dark'] as const) {
	test.describe(`${theme}:`, () => {
		test.use({ colorScheme: theme });

		test('axe finds nothing in what is drawn', async ({ server, open }) => {
			const ana = await server.signUp('ana', 'Ana Lima');
			await server.signUp('bruno', 'Bruno Reis');
			const window = await open(ana);
			await ana.post(await ana.general(), RICH);
			await ana.post(
				await ana.general(),
				`@bruno @ana @room\n\n\`\`\`js\n${'// long '.repeat(60)}\n\`\`\``
			);
			await expect(window.log.locator('pre .text-code-keyword').first()).toBeVisible();
			await isSound(window);
			await window.log.getByRole('button', { name: 'Hidden text' }).click();
			await isSound(window);
		});
	});
}
