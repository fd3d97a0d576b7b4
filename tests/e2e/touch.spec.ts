import { expect, test, type Account, type ChatServer, type ChatWindow } from './support/test';

const PHONE = { viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true } as const;

interface Point {
	x: number;
	y: number;
}

test('a message that is swiped to the left is answered, and the row follows the finger', async ({
	server,
	open
}) => {
	const { ana, general } = await talk(server);
	const window = await open(ana, { ...PHONE, path: `/rooms/${general}`, reducedMotion: 'no-preference' });
	const row = window.row('linha 60');
	const before = (await row.boundingBox())!;
	const finger = await touch(window, await middleOf(window, 'linha 60'), -30, 2);

	await expect(hint(window, 'reply')).toBeVisible();
	expect((await row.boundingBox())!.x).toBeCloseTo(before.x - 20, 0);
	// Not far enough: nothing comes of it.
	await finger.up();
	await expect(hint(window, 'reply')).toHaveCount(0);
	await expect.poll(async () => (await row.boundingBox())!.x).toBe(before.x);
	await expect(answering(window)).toHaveCount(0);

	const again = await touch(window, await middleOf(window, 'linha 60'), -90, 4);
	await again.up();
	await expect(answering(window)).toBeVisible();
	await expect(window.composer).toBeFocused();
	await expect(hint(window, 'reply')).toHaveCount(0);
	await expect.poll(async () => (await row.boundingBox())!.x).toBe(before.x);
	await expect(window.page.getByRole('menu')).toHaveCount(0);
	await window.composer.fill('resposta');
	// No tap: right after a swipe the browser may take one for its end.
	await window.page.getByRole('button', { name: 'Send' }).click();
	await expect(window.row('resposta')).toContainText('linha 60');
});

test('without motion the row stays, and the hint shows all the same', async ({ server, open }) => {
	const { ana, general } = await talk(server);
	const window = await open(ana, { ...PHONE, path: `/rooms/${general}`, reducedMotion: 'reduce' });
	const row = window.row('linha 60');
	const before = (await row.boundingBox())!;
	const finger = await touch(window, await middleOf(window, 'linha 60'), -90, 0);
	await expect(hint(window, 'reply')).toBeInViewport({ ratio: 1 });
	expect((await row.boundingBox())!.x).toBe(before.x);
	await finger.up();
	await expect(answering(window)).toBeVisible();
});

test('scrolling wins over a swipe', async ({ server, open }) => {
	const { ana, general } = await talk(server);
	const window = await open(ana, { ...PHONE, path: `/rooms/${general}` });
	const top = () => window.log.evaluate(({ scrollTop }) => scrollTop);
	// Once it stands at its end it moves no more by itself.
	await expect(window.composer).toBeVisible();
	let start = -1;
	await expect.poll(async () => start === (start = await top()), { intervals: [200] }).toBe(true);
	const at = await middleOf(window, 'linha 55');
	const scrolling = await touch(window, at, -20, 160);
	// The browser may take what came all at once for one small step: the finger goes on until it scrolls.
	const further = async () => {
		if ((await top()) === start) await scrolling.by(0, 20);
		return top();
	};
	await expect.poll(further).toBeLessThan(start - 10);
	// Once it scrolls it goes on scrolling, wherever the finger goes.
	await scrolling.by(-120, 0);
	await expect(hint(window, 'reply')).toHaveCount(0);
	await scrolling.up();
	await expect(answering(window)).toHaveCount(0);
});

test('a press opens the menu, wherever the finger goes then', async ({ server, open }) => {
	const { ana, general } = await talk(server);
	const window = await open(ana, { ...PHONE, path: `/rooms/${general}` });
	const finger = await touch(window, await middleOf(window, 'linha 60'));
	const reply = window.page.getByRole('menuitem', { name: 'Reply' });
	await expect(reply).toBeVisible();
	await finger.by(-120, 0);
	await finger.up();
	await expect(reply).toBeVisible();
	await expect(hint(window, 'reply')).toHaveCount(0);
	await expect(answering(window)).toHaveCount(0);
});

test('code that is too wide scrolls to the side instead', async ({ server, open }) => {
	const { ana, general } = await talk(server);
	await ana.post(general, `\`\`\`\n${'muito_comprido_'.repeat(20)}\n\`\`\``);
	const window = await open(ana, { ...PHONE, path: `/rooms/${general}` });
	const code = window.log.locator('pre');
	await expect(code).toBeVisible();
	const box = (await code.boundingBox())!;
	const finger = await touch(window, { x: box.x + 200, y: box.y + box.height / 2 }, -120, 0);
	await finger.up();
	await expect
		.poll(() =>
			code.evaluate((one) => {
				let scrolled = 0;
				for (let at: Element | null = one; at; at = at.parentElement) scrolled += at.scrollLeft;
				return scrolled;
			})
		)
		.toBeGreaterThan(50);
	await expect(answering(window)).toHaveCount(0);
});

test('a swipe from the left edge, or on the header, opens the rooms on a narrow screen', async ({
	server,
	open
}) => {
	const { ana, general } = await talk(server);
	const window = await open(ana, { ...PHONE, path: `/rooms/${general}` });
	const { page } = window;
	await expect(window.row('linha 60')).toBeVisible();

	// From the middle it is none.
	const middle = await touch(window, { x: 150, y: 400 }, 150, 0);
	await expect(hint(window, 'back')).toHaveCount(0);
	await middle.up();
	const short = await touch(window, { x: 8, y: 400 }, 40, 0);
	await expect(hint(window, 'back')).toBeVisible();
	await short.up();
	await expect(hint(window, 'back')).toHaveCount(0);
	await expect(page).toHaveURL(`/rooms/${general}`);

	const edge = await touch(window, { x: 8, y: 400 }, 120, 3);
	await edge.up();
	await expect(page).toHaveURL('/');
	await expect(window.roomLink('General')).toBeVisible();

	// The panel is above the room: it goes first.
	// No tap: right after a swipe the browser may take one for its end.
	await window.enter('General');
	await page.getByRole('button', { name: 'About this room' }).click();
	await expect(page.getByRole('complementary')).toBeVisible();
	const above = await touch(window, { x: 8, y: 400 }, 120, 0);
	await above.up();
	await expect(page.getByRole('complementary')).toHaveCount(0);
	await expect(window.row('linha 60')).toBeVisible();
	const header = await touch(window, { x: 120, y: 28 }, 120, 0);
	await header.up();
	await expect(page).toHaveURL('/');
});

test('a wide screen with touch keeps the room open', async ({ server, open }) => {
	const { ana, general } = await talk(server);
	const window = await open(ana, { hasTouch: true, path: `/rooms/${general}` });
	await expect(window.row('linha 60')).toBeVisible();
	const finger = await touch(window, { x: 500, y: 28 }, 150, 0);
	await finger.up();
	await expect(window.page).toHaveURL(`/rooms/${general}`);
	const onRow = await touch(window, await middleOf(window, 'linha 60'), -90, 0);
	await onRow.up();
	await expect(answering(window)).toBeVisible();
});

test.use({ settings: { LIMIT_MESSAGES_PER_SECOND: '0' } });

/** Somebody, in a room with more to read than fits the screen, all of it read. */
async function talk(server: ChatServer) {
	const ana: Account = await server.signUp('ana', 'Ana Lima');
	const general = await ana.general();
	for (let i = 1; i <= 60; i++) await ana.post(general, `linha ${i}`);
	return { ana, general };
}

const hint = ({ page }: ChatWindow, what: 'reply' | 'back') => page.locator(`[data-hint=${what}]`);
const answering = ({ page }: ChatWindow) => page.locator('main').getByText('Replying to');

async function middleOf(window: ChatWindow, text: string): Promise<Point> {
	const row = window.row(text);
	// A log that has not found its place yet is in the viewport, too, but cannot be touched.
	await expect(row).toBeVisible();
	await expect(row).toBeInViewport({ ratio: 1 });
	const { x, y, width, height } = (await row.boundingBox())!;
	return { x: x + width * 0.7, y: y + height / 2 };
}

/** Puts a finger on the screen, and moves it on in small steps; all at once, since one that rests for a while is a press. */
async function touch({ context, page }: ChatWindow, at: Point, x = 0, y = 0) {
	const session = await context.newCDPSession(page);
	const send = (type: 'touchStart' | 'touchMove' | 'touchEnd') =>
		session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [at] });
	const by = async (x: number, y: number) => {
		const from = at;
		const sent = [];
		for (let step = 1; step <= 10; step++) {
			at = { x: from.x + (x * step) / 10, y: from.y + (y * step) / 10 };
			sent.push(send('touchMove'));
		}
		await Promise.all(sent);
	};
	await Promise.all([send('touchStart'), x !== 0 || y !== 0 ? by(x, y) : null]);
	return { by, up: () => send('touchEnd') };
}
