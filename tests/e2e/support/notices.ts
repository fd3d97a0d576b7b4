import { expect, type Account, type ChatServer, type OpenOptions } from './test';
import { ChatWindow } from './window';

/** A notification that the browser was asked to show. */
export interface Told {
	title: string;
	body: string;
	tag: string;
	icon: string;
	closed: boolean;
}

/** What stands in for the desktop and for the loudspeaker. */
export interface Recorder {
	told: Told[];
	/** How often the browser was asked for its permission. */
	asked: number;
	strokes: number;
	click: (index: number) => void;
}

type Open = (who: Account, options?: OpenOptions) => Promise<ChatWindow>;

/** Ana and Bruno, and a room of theirs besides General. */
export async function friends(server: ChatServer) {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const garden = await ana.createRoom('Jardim');
	await bruno.join(garden);
	return { ana, bruno, garden };
}

/** A window in which it is recorded what the browser is asked to show and to play. */
export async function recorded(
	open: Open,
	who: Account,
	permission: NotificationPermission,
	{ path = '/', ...options }: OpenOptions = {}
) {
	const window = await open(who, { ...options, path: '/favicon.svg' });
	if (permission === 'granted') await window.context.grantPermissions(['notifications']);
	await window.context.addInitScript((permission) => {
		const recorder: Recorder = {
			told: [],
			asked: 0,
			strokes: 0,
			click: (index) => shown[index]!.onclick!()
		};
		const shown: { onclick: (() => void) | null }[] = [];
		class Recorded extends EventTarget {
			static permission = permission;
			static requestPermission = () => {
				recorder.asked++;
				return Promise.resolve((Recorded.permission = 'granted'));
			};
			onclick: (() => void) | null = null;
			onclose: (() => void) | null = null;
			#told: Told;

			constructor(title: string, { body = '', tag = '', icon = '' }: NotificationOptions = {}) {
				super();
				this.#told = { title, body, tag, icon, closed: false };
				recorder.told.push(this.#told);
				shown.push(this);
			}

			close() {
				if (this.#told.closed) return;
				this.#told.closed = true;
				this.onclose?.();
			}
		}
		Object.assign(window, { recorder, Notification: Recorded });
		const { start } = AudioScheduledSourceNode.prototype;
		AudioScheduledSourceNode.prototype.start = function (...when) {
			recorder.strokes++;
			start.apply(this, when);
		};
	}, permission);
	await window.open(path);
	return window;
}

export async function anotherTab({ context }: ChatWindow, path = '/') {
	const window = new ChatWindow(await context.newPage());
	await window.open(path);
	return window;
}

export async function ready(...windows: ChatWindow[]) {
	for (const { composer } of windows) await expect(composer).toBeVisible();
}

/** Another program is in front now. */
export async function lookAway({ page }: ChatWindow) {
	await page.evaluate(() => {
		document.hasFocus = () => false;
		window.dispatchEvent(new Event('blur'));
	});
}

/** Whatever one tab has told the other ones until now was heard by this one: what they tell one another keeps its order. */
export async function heardBy(hearer: ChatWindow, teller: ChatWindow, userId: number) {
	const channel = `olha-notify-${userId}`;
	await hearer.page.evaluate((name) => {
		const heard = new Promise<void>((resolve) => {
			new BroadcastChannel(name).onmessage = ({ data }) => data.from === 'fence' && resolve();
		});
		Object.assign(window, { heard });
	}, channel);
	await teller.page.evaluate(
		(name) => new BroadcastChannel(name).postMessage({ from: 'fence', asks: true }),
		channel
	);
	await hearer.page.evaluate(() => (window as unknown as { heard: Promise<void> }).heard);
}

export async function setLevel(window: ChatWindow, room: string, level: string | RegExp) {
	await window.enter(room);
	await window.page.getByRole('button', { name: /^Notifications:/ }).click();
	await window.page.getByRole('menuitem', { name: level }).click();
}

export function recorder({ page }: ChatWindow): Promise<Recorder> {
	return page.evaluate(() => {
		const { told, asked, strokes } = (window as unknown as { recorder: Recorder }).recorder;
		return { told, asked, strokes } as Recorder;
	});
}

export async function told(...windows: ChatWindow[]): Promise<Told[]> {
	return (await Promise.all(windows.map(recorder))).flatMap((recorded) => recorded.told);
}

export async function stillShown(...windows: ChatWindow[]): Promise<string[]> {
	return (await told(...windows)).filter(({ closed }) => !closed).map(({ body }) => body);
}

export async function sounds(...windows: ChatWindow[]): Promise<number> {
	const all = await Promise.all(windows.map(recorder));
	return all.reduce((sum, { strokes }) => sum + strokes, 0) / 2;
}

/** Whether the window waits to be the one that tells. */
export function waits({ page }: ChatWindow) {
	return page.evaluate(async () =>
		((await navigator.locks.query()).pending ?? []).some(({ name }) => name?.startsWith('olha-notify-'))
	);
}
