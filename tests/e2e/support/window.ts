import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';

/** One window of the chat, with what a person sees in it. */
export class ChatWindow {
	readonly context: BrowserContext;
	/** What went wrong in the page and was told to nobody. */
	readonly errors: string[] = [];

	constructor(readonly page: Page) {
		this.context = page.context();
		page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
		page.on('console', (message) => {
			// The browser's own report of a request that failed: what the page makes of it is tested.
			const ofTheBrowser = /^(Failed to load resource|WebSocket connection to)/.test(message.text());
			if (message.type() === 'error' && !ofTheBrowser)
				this.errors.push(
					`${message.text()} (${message.location().url}:${message.location().columnNumber})`
				);
		});
	}

	get log() {
		return this.page.getByRole('log');
	}

	get composer() {
		return this.page.locator('main textarea');
	}

	get sidebar() {
		return this.page.getByRole('navigation').first();
	}

	/** The rows of the log that somebody wrote. */
	get rows() {
		return this.log.getByRole('article');
	}

	get jumpToLatest() {
		return this.page.getByRole('button', { name: /^(Jump to latest|\d+ new messages?)$/ });
	}

	get dialog() {
		return this.page.getByRole('dialog');
	}

	/** What is said about the connection; empty while there is nothing to say. */
	get connectionLine() {
		return this.page.locator('main [role="status"]').filter({ hasNotText: 'Loading' });
	}

	row(text: string): Locator {
		return this.rows.filter({ hasText: text });
	}

	roomLink(name: string): Locator {
		return this.sidebar.getByRole('link', { name });
	}

	async open(path: string) {
		await this.page.goto(path);
	}

	async enter(name: string) {
		await this.roomLink(name).click();
		await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
		await expect(this.log).toBeVisible();
	}

	/** Opens a section of the settings, by its name. */
	async settings(section = 'Profile') {
		await this.page.getByRole('link', { name: /Profile and settings/ }).click();
		await this.page
			.getByRole('navigation', { name: 'Profile and settings' })
			.getByRole('link', { name: section })
			.click();
		await expect(this.page.getByRole('heading', { level: 2, name: section })).toBeVisible();
	}

	/** Does something with a message from its menu. */
	async act(text: string, action: string | RegExp) {
		await this.row(text).click({ button: 'right' });
		await this.page.getByRole('menuitem', { name: action }).click();
	}

	/** The network is back, says the browser: the window need not wait for its next try. */
	async wake() {
		await this.page.evaluate(() => window.dispatchEvent(new Event('online')));
	}

	async say(text: string) {
		await this.composer.fill(text);
		await this.composer.press('Enter');
	}

	/** Waits until the log shows exactly these texts, each once and in this order. */
	async shows(...texts: string[]) {
		await expect.poll(() => this.texts(), { message: 'the texts in the log' }).toEqual(texts);
	}

	/** Waits until the server has acknowledged all that was said here. */
	async settled() {
		await expect(this.log.locator('[data-underway]')).toHaveCount(0);
	}

	/** The texts that the log shows now: of a long one those around what is looked at. */
	texts(): Promise<string[]> {
		return this.rows.evaluateAll((rows) =>
			rows.map((row) => (row.querySelector('[data-body]') ?? row.querySelector('p'))?.textContent ?? '')
		);
	}
}
