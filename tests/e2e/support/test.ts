import { test as base, type BrowserContextOptions } from '@playwright/test';
import type { Account } from './account';
import { ChatServer, type Settings } from './server';
import { ChatWindow } from './window';

export { expect } from '@playwright/test';
export type { Account, ChatServer, ChatWindow };

export interface OpenOptions extends BrowserContextOptions {
	/** From where the window comes; this machine unless it is another's address. */
	origin?: string;
	/** The address to open; General unless it is another. */
	path?: string;
}

interface Fixtures {
	/** What the server of this test is started with. */
	settings: Settings;
	/** The program, with empty data. */
	server: ChatServer;
	/** Opens a window of its own browser context: of somebody who is signed in, or of nobody. */
	open: (who: Account | null, options?: OpenOptions) => Promise<ChatWindow>;
}

export const test = base.extend<Fixtures>({
	settings: [{}, { option: true }],

	server: async ({ settings }, use) => {
		const server = new ChatServer();
		try {
			await server.start(settings);
			await use(server);
		} finally {
			await server.dispose();
		}
		base.expect(server.errors, 'errors in the log of the server').toEqual([]);
	},

	open: async ({ browser, server }, use) => {
		const windows: ChatWindow[] = [];
		await use(async (who, { origin = server.origin, path = '/', ...options } = {}) => {
			const context = await browser.newContext({ baseURL: origin, ...options });
			if (who) await context.addCookies([{ name: 'olha_session', value: who.token, url: origin }]);
			const window = new ChatWindow(await context.newPage());
			windows.push(window);
			await window.open(path);
			return window;
		});
		for (const window of windows) await window.context.close();
		const errors = windows.flatMap((window) => window.errors);
		base.expect(errors, 'errors in the pages').toEqual([]);
	}
});
