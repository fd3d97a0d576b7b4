import type { Page } from '@playwright/test';
import { expect, test, type ChatServer, type ChatWindow } from './support/test';

test.use({ settings: { LIMIT_MESSAGES_PER_SECOND: '0' } });

const MANY = 320;

for (const reducedMotion of ['no-preference', 'reduce'] as const) {
	test(`scrolling up loads a long history without a jump, down to the first message (motion: ${reducedMotion})`, async ({
		server,
		open
	}) => {
		test.slow(); // hundreds of looks at where things are
		const { ana, texts } = await talkative(server);
		const window = await open(ana, { reducedMotion });
		const { page } = window;
		await endsWith(window, texts.at(-1)!);
		await expect(window.jumpToLatest).toHaveCount(0);

		// Older pages are held back until it has been measured where things are.
		const held: (() => void)[] = [];
		await page.route('**/messages?*before=*', async (route) => {
			const answer = await route.fetch();
			await new Promise<void>((resolve) => held.push(resolve));
			await route.fulfill({ response: answer });
		});

		const start = window.log.getByText('This is the beginning of General.');
		let pages = 0;
		while ((await start.count()) === 0) {
			await scrollUpUntil(window, () => held.length > 0);
			const { text, top } = await anchor(window);
			const tops = await watch(page, text);
			const height = await heightOf(window);
			held.shift()!();
			await expect.poll(() => heightOf(window)).toBeGreaterThan(height + 500);
			expect(Math.abs((await topOf(window, text)) - top), `the jump at page ${++pages}`).toBeLessThan(
				2
			);
			for (const seen of await tops.evaluate(({ stop }) => stop()))
				expect(Math.abs(seen - top), `the jump in between at page ${pages}`).toBeLessThan(2);
			await scrollUpUntil(window, async () => held.length > 0 || (await start.count()) > 0);
		}
		expect(pages).toBe(Math.ceil(MANY / 50) - 1);
		await window.log.press('Home');
		await expect(window.row(texts[0]!)).toBeInViewport();

		// At once, while the browser is still moving to the beginning.
		await window.log.press('End');
		await window.log.press('Home');
		await window.jumpToLatest.click();
		await endsWith(window, texts.at(-1)!);
		await expect(window.jumpToLatest).toHaveCount(0);
	});
}

test('what comes meanwhile does not move what is being read, and is one click away', async ({
	server,
	open
}) => {
	const { ana, bruno, general, texts } = await talkative(server);
	const window = await open(ana);
	await endsWith(window, texts.at(-1)!);
	await scrollUpUntil(window, async () => (await window.jumpToLatest.count()) > 0);
	const { text, top } = await anchor(window);

	await bruno.post(general, 'Enquanto isso');
	await bruno.post(general, 'Mais uma coisa');
	await expect(window.jumpToLatest).toHaveAccessibleName('2 new messages');
	await expect(window.roomLink('General')).toContainText('2 unread messages');
	expect(Math.abs((await topOf(window, text)) - top)).toBeLessThan(2);

	await window.jumpToLatest.click();
	await endsWith(window, 'Mais uma coisa');
	await expect(window.roomLink('General')).not.toContainText('unread');

	// What one says oneself is seen at once, wherever one was.
	await scrollUpUntil(window, async () => (await window.jumpToLatest.count()) > 0);
	await window.say('Já li tudo.\nE agora?');
	await endsWith(window, 'Já li tudo.');
});

test('a long absence opens where reading ended, with the line above what is new', async ({
	server,
	open
}) => {
	const { ana, bruno, general } = await talkative(server);
	for (let index = 1; index <= 120; index++) await bruno.post(general, `nova ${index}`);
	const window = await open(ana);
	await expect(window.log.getByRole('separator', { name: 'New' })).toBeInViewport();
	await expect(
		window.rows.filter({ has: window.page.getByText('nova 1', { exact: true }) })
	).toBeInViewport();
	await window.jumpToLatest.click();
	await endsWith(window, 'nova 120');
	await expect(window.roomLink('General')).not.toContainText('unread');
});

/** Two people who have said a lot, in texts of all sizes. */
async function talkative(server: ChatServer) {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const general = await ana.general();
	const texts: string[] = [];
	for (let index = 1; index <= MANY; index++) {
		const lines = Array.from({ length: index % 4 }, (_, line) => `linha ${line}`);
		const text = [`#${index}# ${'e assim por diante '.repeat((index * 7) % 23)}`.trim(), ...lines].join(
			'\n'
		);
		await (index % 5 < 2 ? ana : bruno).post(general, text);
		texts.push(`#${index}#`);
	}
	// Everything is read: a room opens at its end.
	await ana.read(general);
	return { ana, bruno, general, texts };
}

/** Waits until the log is at its very end, and that is this message. */
async function endsWith(window: ChatWindow, text: string) {
	await expect(window.rows.last()).toContainText(text);
	await expect(window.rows.last()).toBeInViewport({ ratio: 1 });
	await expect
		.poll(() => window.log.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop))
		.toBeLessThan(1);
}

async function scrollUpUntil(window: ChatWindow, enough: () => boolean | Promise<boolean>) {
	await expect(async () => {
		if (!(await enough())) await window.log.evaluate((log) => log.scrollBy(0, -350));
		expect(await enough()).toBe(true);
	}).toPass({ intervals: [50] });
	// Until it has come to rest.
	await window.log.evaluate(
		(log) =>
			new Promise<void>((resolve) => {
				let at = NaN;
				const step = () => {
					if (at === log.scrollTop) return resolve();
					at = log.scrollTop;
					requestAnimationFrame(() => requestAnimationFrame(step));
				};
				step();
			})
	);
}

/** A message in the middle of the screen, and where it is. */
async function anchor(window: ChatWindow) {
	return window.log.evaluate((log) => {
		const middle = log.getBoundingClientRect().top + log.clientHeight / 2;
		const row = [...log.querySelectorAll('article')].find(
			(one) => one.getBoundingClientRect().bottom > middle
		)!;
		const text = row.querySelector('p')!.textContent!.match(/#\d+#/)![0];
		return { text, top: row.getBoundingClientRect().top };
	});
}

async function topOf(window: ChatWindow, text: string) {
	return window.row(text).evaluate((row) => row.getBoundingClientRect().top);
}

/** Notes in every frame where that message is. */
function watch(page: Page, text: string) {
	return page.evaluateHandle((text) => {
		const tops: number[] = [];
		let watching = true;
		const look = () => {
			const row = [...document.querySelectorAll('[role=log] article')].find((one) =>
				one.textContent.includes(text)
			);
			tops.push(row ? row.getBoundingClientRect().top : NaN);
			if (watching) requestAnimationFrame(look);
		};
		look();
		return {
			stop() {
				watching = false;
				return tops;
			}
		};
	}, text);
}

function heightOf(window: ChatWindow) {
	return window.log.evaluate((log) => log.scrollHeight);
}

test("on a narrow screen the room's panel leads to a date", async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const general = await ana.general();
	for (let i = 1; i <= 120; i++) await ana.post(general, `linha ${i}`);
	const window = await open(ana, { path: `/rooms/${general}`, viewport: { width: 360, height: 720 } });
	const { page } = window;
	await expect(window.row('linha 120')).toBeInViewport();
	await expect(page.getByRole('button', { name: 'Jump to a date' })).toHaveCount(0);
	await page.getByRole('button', { name: 'About this room' }).click();
	const panel = page.getByRole('complementary');
	const jump = panel.getByRole('button', { name: 'Jump to a date' });

	await jump.click();
	await expect(page.getByRole('dialog', { name: 'Jump to a date' })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await expect(jump).toBeFocused();
	await jump.click();
	await page.getByRole('button', { name: 'Go', exact: true }).click();
	await expect(panel).toHaveCount(0);
	await expect(window.log.getByText('linha 1', { exact: true })).toBeInViewport();

	await page.setViewportSize({ width: 1280, height: 800 });
	await page.getByRole('button', { name: 'About this room' }).click();
	await expect(panel).toBeVisible();
	await expect(jump).toBeHidden();
	await expect(page.getByRole('button', { name: 'Jump to a date' })).toHaveCount(1);
});
