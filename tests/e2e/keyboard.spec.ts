import { expect, test, type ChatWindow } from './support/test';

test('everything can be done by keyboard, and the focus is never lost', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	await server.signUp('bruno', 'Bruno Reis');
	await ana.createRoom('Jardim');
	await ana.createRoom('Oficina');
	const window = await open(null);
	const { page } = window;
	const { keyboard } = page;

	// Sign in.
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await tabTo(window, 'User name');
	await keyboard.type('ana');
	await keyboard.press('Tab');
	await keyboard.type(ana.password);
	await keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1, name: 'General' })).toBeVisible();
	await expect(window.composer).toBeFocused();

	// Send, with two lines.
	await keyboard.type('primeira linha');
	await keyboard.press('Shift+Enter');
	await keyboard.type('segunda linha');
	await keyboard.press('Enter');
	await window.shows('primeira linha\nsegunda linha');
	await expect(window.composer).toHaveValue('');
	await expect(window.composer).toBeFocused();

	// Switch rooms.
	for (const room of ['Jardim', 'Oficina', 'General']) {
		await keyboard.press('Alt+ArrowDown');
		await expect(page.getByRole('heading', { level: 1, name: room })).toBeVisible();
		await expect(window.composer).toBeFocused();
	}
	await keyboard.press('Alt+ArrowUp');
	await expect(page.getByRole('heading', { level: 1, name: 'Oficina' })).toBeVisible();
	await expect(window.composer).toBeFocused();
	await keyboard.type('na oficina');
	await keyboard.press('Enter');
	await window.shows('na oficina');

	// Dialogs: the focus goes in, stays in, and comes back.
	for (const button of ['Browse rooms', 'Create a room', 'New direct message']) {
		await tabTo(window, button);
		await keyboard.press('Enter');
		await expect(window.dialog).toBeVisible();
		await expect(window.dialog.locator(':focus')).toHaveCount(1);
		for (let step = 0; step < 12; step++) {
			await keyboard.press('Tab');
			await expect(window.dialog.locator(':focus')).toHaveCount(1);
		}
		await keyboard.press('Escape');
		await expect(window.dialog).toHaveCount(0);
		await expect(page.getByRole('button', { name: button })).toBeFocused();
	}

	// The panel.
	await tabTo(window, 'About this room');
	await keyboard.press('Enter');
	const panel = page.getByRole('complementary', { name: 'About this room' });
	await expect(panel.locator(':focus')).toHaveCount(1);
	await tabTo(window, 'Invite people');
	await keyboard.press('Enter');
	await expect(window.dialog).toBeVisible();
	await tabTo(window, 'Search people');
	await keyboard.type('bru');
	await keyboard.press('Enter');
	await expect(window.dialog.getByRole('list', { name: 'Chosen people' })).toContainText('Bruno Reis');
	// One Escape closes one thing.
	await keyboard.press('Escape');
	await expect(window.dialog).toHaveCount(0);
	await expect(panel.getByRole('button', { name: 'Invite people' })).toBeFocused();
	await keyboard.press('Escape');
	await expect(panel).toHaveCount(0);
	await expect(page.getByRole('button', { name: 'About this room' })).toBeFocused();

	// Create a room and land in it.
	await tabTo(window, 'Create a room');
	await keyboard.press('Enter');
	await tabTo(window, 'Name');
	await keyboard.type('Cozinha');
	await keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1, name: 'Cozinha' })).toBeVisible();
	await expect(window.composer).toBeFocused();

	// Leave it: there is something to read, and the focus is on it.
	await tabTo(window, 'About this room');
	await keyboard.press('Enter');
	await tabTo(window, 'Leave the room');
	await keyboard.press('Enter');
	await tabTo(window, 'Yes, leave');
	await keyboard.press('Enter');
	await expect(window.roomLink('Cozinha')).toHaveCount(0);
	await expect.poll(() => focused(window), { message: 'something has the focus' }).not.toBe('BODY');
});

test('Enter that ends the composing of a letter does not send', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const window = await open(ana);
	await expect(window.composer).toBeFocused();
	const devtools = await window.context.newCDPSession(window.page);
	await devtools.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
	await devtools.send('Input.dispatchKeyEvent', {
		type: 'rawKeyDown',
		key: 'Enter',
		code: 'Enter',
		windowsVirtualKeyCode: 229
	});
	await devtools.send('Input.insertText', { text: '日本' });
	await expect(window.composer).toHaveValue('日本');
	await window.page.keyboard.press('Enter');
	await window.shows('日本');
});

/** Presses Tab until that has the focus, as somebody would who uses no mouse. */
async function tabTo(window: ChatWindow, name: string | RegExp) {
	const wanted = window.page.getByLabel(name).or(window.page.getByRole('button', { name }));
	await expect(wanted.first()).toBeVisible();
	for (let step = 0; step < 60; step++) {
		await window.page.keyboard.press('Tab');
		const there = await wanted.evaluateAll((found) =>
			found.includes(document.activeElement as HTMLElement)
		);
		if (there) return;
	}
	throw new Error(`Tab does not lead to ${name}.`);
}

function focused(window: ChatWindow) {
	return window.page.evaluate(() => document.activeElement?.tagName);
}
