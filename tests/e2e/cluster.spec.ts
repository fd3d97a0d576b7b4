import type { Page } from '@playwright/test';
import { expect, test, type Cluster } from './support/cluster';
import type { Account, ChatWindow, OpenOptions } from './support/test';

type Open = (who: Account, options?: OpenOptions) => Promise<ChatWindow>;

test.use({ serviceWorkers: 'allow' });

test('two windows at different nodes are in one chat', async ({ cluster, server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const direct = await ana.openDirect(bruno);
	const [anas, brunos] = await apart(cluster, open, ana, bruno, direct);

	const line = anas.page.locator('header').getByText(/^(online|away|offline|last seen)/);
	await expect(line).toHaveText('online');
	await anas.say('Olá daqui');
	await expect(brunos.row('Olá daqui')).toHaveAccessibleName('Message by Ana Lima');
	await brunos.say('Olá de lá');
	for (const window of [anas, brunos]) await window.shows('Olá daqui', 'Olá de lá');

	// Who has just said something is not told to be writing again at once.
	await brunos.composer.pressSequentially('um momento', { delay: 400 });
	await expect(anas.page.getByText('Bruno Reis is writing…')).toBeVisible();
	await brunos.composer.fill('');

	await brunos.row('Olá daqui').hover();
	await brunos.row('Olá daqui').getByRole('button', { name: 'React with 👍' }).click();
	await expect(anas.row('Olá daqui').getByRole('button', { name: '👍: Bruno Reis' })).toHaveText('👍1');

	await anas.enter('General');
	await brunos.say('leia isto');
	await expect(anas.roomLink('Bruno Reis')).toContainText('1 unread message');
	await anas.enter('Bruno Reis');
	await expect(anas.roomLink('Bruno Reis')).not.toContainText('unread');
	await expect.poll(() => ana.unread(direct)).toBe(0);

	await brunos.page.close();
	await expect(line).toHaveText(/^(offline|last seen)/);
});

test('nodes are restarted one after the other while two people write, and neither notices', async ({
	cluster,
	server,
	open
}) => {
	test.setTimeout(240_000);
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const direct = await ana.openDirect(bruno);
	const windows = await apart(cluster, open, ana, bruno, direct);
	await windows[0].say('Vamos?');
	for (const window of windows) await window.shows('Vamos?');
	for (const { page } of windows) await watch(page);

	let going = true;
	const writing = windows.map((window, index) => write(window, ['ana', 'bruno'][index]!, () => going));
	for (const [index, node] of cluster.nodes.entries()) {
		const other = cluster.nodes[1 - index]!;
		const door = cluster.doors[index]!;
		const before = door.socketsTo(other);
		await cluster.restart(node, () => expect.poll(() => door.socketsTo(other)).toBeGreaterThan(before));
	}
	going = false;
	const written = await Promise.all(writing);

	for (const window of windows) await window.settled();
	const said = await ana.said(direct);
	expect(said.filter((text) => text.startsWith('ana'))).toEqual(written[0]);
	expect(said.filter((text) => text.startsWith('bruno'))).toEqual(written[1]);
	expect(said).toHaveLength(1 + written.flat().length);
	for (const window of windows) {
		// Of a long talk the log holds the end.
		await expect.poll(async () => tail(said, await window.texts())).toBe('the same');
		expect(await troubles(window.page), 'what was said about trouble').toEqual([]);
	}
});

/** A window of each, at the room, whose sockets are at different nodes. */
async function apart(cluster: Cluster, open: Open, ana: Account, bruno: Account, roomId: number) {
	const path = `/rooms/${roomId}`;
	const anas = await open(ana, { origin: cluster.doors[0].origin, path });
	const brunos = await open(bruno, { origin: cluster.doors[1].origin, path });
	for (const window of [anas, brunos]) await expect(window.composer).toBeVisible();
	for (const [index, door] of cluster.doors.entries())
		await expect.poll(() => door.socketsTo(cluster.nodes[index]!)).toBeGreaterThan(0);
	return [anas, brunos] as const;
}

/** Writes message after message, key by key. */
async function write(window: ChatWindow, who: string, going: () => boolean) {
	const written: string[] = [];
	while (going()) {
		const text = `${who} ${written.length + 1}`;
		await window.composer.pressSequentially(text, { delay: 60 });
		await window.composer.press('Enter');
		written.push(text);
	}
	return written;
}

/** Whether these texts are the end of what was said; otherwise both, for whoever reads the report. */
function tail(said: string[], texts: string[]) {
	const end = said.slice(-texts.length);
	return texts.length > 0 && end.join('\n') === texts.join('\n')
		? 'the same'
		: `shown:\n${texts.join('\n')}\nsaid:\n${end.join('\n')}`;
}

/** Writes down all that the page says about trouble, however short. */
async function watch(page: Page) {
	await page.evaluate(() => {
		const seen = new Set<string>();
		const look = () => {
			for (const place of document.querySelectorAll('main [role="status"], [role="alert"]'))
				if (place.textContent?.trim()) seen.add(place.textContent.trim());
		};
		new MutationObserver(look).observe(document.body, {
			subtree: true,
			childList: true,
			characterData: true
		});
		Object.assign(window, { troubles: seen });
	});
}

function troubles(page: Page): Promise<string[]> {
	return page.evaluate(() => [...(window as unknown as { troubles: Set<string> }).troubles]);
}
