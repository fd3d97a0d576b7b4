import type { Locator } from '@playwright/test';
import { isSound } from './support/sound';
import { expect, test, type ChatWindow } from './support/test';

const NARROW = { viewport: { width: 360, height: 720 } };

const picker = ({ page }: ChatWindow) => page.getByRole('dialog');
const search = (window: ChatWindow) => picker(window).getByRole('combobox', { name: 'Search emoji' });
const grid = (window: ChatWindow) => picker(window).getByRole('grid', { name: 'Emoji' });
const cell = (window: ChatWindow, name: string) => grid(window).getByRole('gridcell', { name, exact: true });
const button = ({ page }: ChatWindow) => page.getByRole('button', { name: 'Insert an emoji' });

async function openPicker(window: ChatWindow) {
	await button(window).click();
	await expect(grid(window).getByRole('gridcell').first()).toBeVisible();
}

test('a reaction is found and picked by keyboard', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await ana.post(await ana.general(), 'pronto!');
	const window = await open(ana);
	const { keyboard } = window.page;

	await window.row('pronto!').hover();
	await window.row('pronto!').getByRole('button', { name: 'Add a reaction' }).first().press('Enter');
	await expect(search(window)).toBeFocused();
	await keyboard.type('tada');
	await expect(picker(window).locator('[data-preview]')).toHaveText(/party popper :tada:/);
	await keyboard.press('Enter');
	await expect(picker(window)).toHaveCount(0);
	await expect(window.row('pronto!').getByRole('button', { name: '🎉: you' })).toBeVisible();
});

test('the arrows lead through the grid, from section to section, with the focus in the search field', async ({
	server,
	open
}) => {
	const window = await open(await server.signUp('ana'));
	const { keyboard } = window.page;
	await openPicker(window);
	const told = picker(window).locator('[data-preview]');

	await keyboard.press('ArrowDown');
	await expect(told).toHaveText(/^grinning face :/);
	await expect(search(window)).toHaveAttribute(
		'aria-activedescendant',
		(await cell(window, 'grinning face').getAttribute('id'))!
	);
	await keyboard.press('ArrowRight');
	await expect(told).not.toHaveText(/^grinning face :/);
	await keyboard.press('ArrowLeft');
	await expect(told).toHaveText(/^grinning face :/);
	for (let i = 0; i < 60; i++) await keyboard.press('PageDown');
	await expect(cell(window, 'flag: Wales')).toBeInViewport();
	await expect(search(window)).toBeFocused();
	await keyboard.press('Escape');
	await expect(picker(window)).toHaveCount(0);
	await expect(window.composer).toBeFocused();
});

test('Tab leads from the search to the tone, the groups and the grid', async ({ server, open }) => {
	const window = await open(await server.signUp('ana'));
	const { keyboard } = window.page;
	await openPicker(window);
	await keyboard.press('Tab');
	await expect(picker(window).getByRole('button', { name: 'Skin tone: none' })).toBeFocused();
	await keyboard.press('Tab');
	await expect(picker(window).getByRole('button', { name: 'Smileys and feelings' })).toBeFocused();
	await keyboard.press('ArrowRight');
	await keyboard.press('ArrowRight');
	await keyboard.press('Enter');
	await expect(cell(window, 'monkey face')).toBeInViewport();
	await keyboard.press('Tab');
	await expect(grid(window)).toBeFocused();
});

test('a tone of skin is kept, and applied to all that has skin', async ({ server, open }) => {
	const window = await open(await server.signUp('ana'));
	await openPicker(window);
	await picker(window).getByRole('button', { name: 'Skin tone: none' }).click();
	await picker(window).getByRole('button', { name: 'medium-dark', exact: true }).click();
	await search(window).fill('waving hand');
	await expect(cell(window, 'waving hand')).toHaveText('👋🏾');
	await window.page.reload();
	await openPicker(window);
	await expect(picker(window).getByRole('button', { name: 'Skin tone: medium-dark' })).toBeVisible();
	await search(window).fill('waving hand');
	await cell(window, 'waving hand').click();
	await expect(window.composer).toHaveValue('👋🏾');
	await window.composer.pressSequentially(' :thumbsup:');
	await expect(window.composer).toHaveValue('👋🏾 👍🏾');
});

test('several are put into the text where the caret stands, and stand among the recent ones', async ({
	server,
	open
}) => {
	const window = await open(await server.signUp('ana'));
	await window.composer.fill('ab');
	await window.composer.press('ArrowLeft');
	await openPicker(window);
	await cell(window, 'grinning face').click({ modifiers: ['Shift'] });
	await search(window).fill('rocket');
	await search(window).press('Shift+Enter');
	await expect(picker(window)).toBeVisible();
	await search(window).press('Enter');
	await expect(picker(window)).toHaveCount(0);
	await expect(window.composer).toHaveValue('a😀🚀🚀b');
	await expect(window.composer).toBeFocused();
	await window.page.keyboard.type('c');
	await expect(window.composer).toHaveValue('a😀🚀🚀cb');

	await window.page.reload();
	await openPicker(window);
	const recent = grid(window).getByRole('rowgroup', { name: 'Recently used' }).getByRole('gridcell');
	await expect(recent).toHaveText(['🚀', '😀']);
});

test('it speaks the language of the app, and finds what is not there', async ({ server, open }) => {
	const window = await open(await server.signUp('ana'), { locale: 'pt-BR' });
	const { page } = window;
	await page.getByRole('button', { name: 'Inserir um emoji' }).click();
	const field = page.getByRole('combobox', { name: 'Buscar emojis' });
	await field.fill('coracao vermelho');
	await expect(page.getByRole('gridcell').first()).toHaveAccessibleName('coração vermelho');
	await field.fill('xyzxyz');
	await expect(page.getByRole('gridcell')).toHaveCount(0);
	await expect(picker(window).getByRole('status')).toHaveText('Nada encontrado.');
});

for (const colorScheme of ['light', 'dark'] as const)
	test(`axe finds nothing in the picker and the list, ${colorScheme}`, async ({ server, open }) => {
		const window = await open(await server.signUp('ana'), { colorScheme });
		await openPicker(window);
		await window.page.keyboard.press('ArrowDown');
		await isSound(window);
		await picker(window).getByRole('button', { name: 'Skin tone: none' }).click();
		await isSound(window);
		await window.page.keyboard.press('Escape');
		await window.composer.pressSequentially(':smi');
		await expect(window.page.getByRole('listbox', { name: 'Suggestions' })).toBeVisible();
		await isSound(window);
	});

test('it fits a narrow screen, and there is little of it at once', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana, { ...NARROW, hasTouch: true, path: `/rooms/${await ana.general()}` });
	await openPicker(window);
	const box = (await picker(window).boundingBox())!;
	expect(box.x).toBeGreaterThanOrEqual(0);
	expect(box.x + box.width).toBeLessThanOrEqual(360);
	expect(box.y).toBeGreaterThanOrEqual(0);
	expect(await window.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
	expect(await grid(window).getByRole('gridcell').count()).toBeLessThan(200);
});

test('emoji are drawn in messages, reactions and tools as in the picker', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const general = await ana.general();
	const { seq } = await ana.post(general, 'viva 🎉 4 vezes');
	await ana.react(general, seq, '👍');
	await ana.answer(general, seq, '❤️');
	const window = await open(ana);
	const fontOf = (element: Locator) => element.evaluate((one) => getComputedStyle(one).fontFamily);
	const row = window.row('4 vezes').first();
	await row.hover();

	await openPicker(window);
	const font = await fontOf(grid(window).getByRole('gridcell').first());
	await window.page.keyboard.press('Escape');
	for (const drawn of [
		row.locator('[data-body]').getByText('🎉', { exact: true }),
		window.rows.last().locator('[data-body]').getByText('❤️', { exact: true }),
		window.rows
			.last()
			.getByRole('button', { name: /^Reply to|^In reply/ })
			.getByText('🎉', { exact: true }),
		row.getByRole('list', { name: 'Reactions' }).getByText('👍', { exact: true })
	])
		expect(await fontOf(drawn)).toBe(font);
	await row.hover();
	expect(await fontOf(row.getByRole('button', { name: 'React with 😂' }))).toBe(font);
	// Figures stay those of the text.
	expect(await fontOf(row.locator('[data-body] p'))).not.toBe(font);
});

test('an emoji is put into the status, where the caret was', async ({ server, open }) => {
	const window = await open(await server.signUp('ana', 'Ana Lima'));
	const { page } = window;
	await window.settings();
	const profile = page.getByRole('main');
	const status = profile.getByLabel('Status');
	await status.fill('no mar');
	for (let i = 0; i < 4; i++) await status.press('ArrowLeft');
	await profile.getByRole('button', { name: 'Insert an emoji' }).click();
	const emoji = page.getByRole('dialog', { name: 'Insert an emoji' });
	await expect(emoji.getByRole('gridcell').first()).toBeVisible();
	await page.keyboard.type('palm tree');
	await page.keyboard.press('Enter');
	await expect(emoji).toHaveCount(0);
	await expect(status).toBeFocused();
	await expect(status).toHaveValue('no🌴 mar');
	await page.keyboard.type('!');
	await expect(status).toHaveValue('no🌴! mar');

	// Escape closes what was opened last.
	await profile.getByRole('button', { name: 'Insert an emoji' }).click();
	await expect(emoji.getByRole('gridcell').first()).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(emoji).toHaveCount(0);
	await page.keyboard.press('Enter');
	await expect(profile).toContainText('Saved');
});
