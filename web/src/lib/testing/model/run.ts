import { Browser, Tab } from './browser';
import { Clock } from './clock';
import { Page } from './page';
import { Random } from './random';
import { ModelServer } from './server';
import { CALM, STORMY, Wire } from './wire';

/** Something that was sent from a page. */
export interface Sent {
	text: string;
	roomId: number;
	page: Page;
	/** The person has deleted it before it was stored. */
	dropped: boolean;
	/** It was refused for good at least once, so that others may have overtaken it. */
	refused: boolean;
}

/** Between a thing and what it sets off: promises, and the steps of a database. */
async function turns(count: number) {
	for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A server, a wire, one browser and its pages: what a list of acts is done to. */
export class Run {
	static readonly ROOMS = 3;
	readonly clock = new Clock();
	readonly server = new ModelServer(Run.ROOMS, () => this.clock.now);
	readonly wire = new Wire(this.server);
	readonly browser = new Browser(this.clock, this.wire);
	pages: Page[] = [];
	readonly sent: Sent[] = [];
	/** What was typed last in a room, and on which page. */
	readonly typed = new Map<number, { text: string; by: Set<string> }>();
	#tabs = 0;
	#texts = 0;
	#pingAt = this.clock.now + 25_000;

	/** A text that was never said before. */
	text(): string {
		return `text ${++this.#texts}`;
	}

	openTab(): Page {
		const tab = new Tab(`tab ${++this.#tabs}`);
		const page = new Page(tab, this.server.world.people[0]!, this.wire);
		this.pages.push(page);
		return page;
	}

	/** The page is gone in this moment. */
	kill(page: Page, random: Random) {
		this.wire.die(page.tab, random);
		page.tab.dead = true;
		this.browser.buried(page.tab);
		this.pages = this.pages.filter((one) => one !== page);
	}

	/** What is on its way goes on, more or less, and time passes. */
	async goOn(random: Random, ms: number) {
		await this.wire.carry(random, STORMY, () => turns(2));
		this.#attend();
		await this.pass(ms, random);
		await turns(3);
		this.#attend();
	}

	async pass(ms: number, random: Random, mood = STORMY) {
		const until = this.clock.now + ms;
		while (this.clock.now < until) {
			await this.clock.pass(Math.min(until, this.#pingAt) - this.clock.now, () => turns(1));
			if (this.clock.now < this.#pingAt) break;
			this.#pingAt += 25_000;
			this.server.ping();
			await this.wire.carry(random, mood, () => turns(2));
		}
	}

	/** All goes well from now on: whatever was waited for happens, until nothing more does. */
	async heal() {
		const random = new Random(1);
		this.server.tooFast = this.server.busy = 0;
		for (const room of this.server.world.rooms)
			if (room.row.locked) this.server.changeRoom(room, { locked: false });
		for (const page of this.pages) {
			page.tab.offline = false;
			page.tab.run(() => page.chat.wake());
		}
		// A connection that died without a word is noticed after 40 s; a wait for the next try is up to 30 s.
		for (let round = 0; round < 10; round++) {
			// What a page has left behind on this device is there for the next one.
			if (round === 5) this.openTab();
			for (let again = 0; again < 30; again++) {
				await this.wire.carry(random, CALM, () => turns(2));
				this.#attend(true);
				await turns(2);
				if (this.wire.idle) break;
			}
			await this.pass(12_000, random, CALM);
			await turns(6);
		}
		for (let again = 0; again < 60 && !this.wire.idle; again++)
			await this.wire.carry(random, CALM, () => turns(2));
		await turns(10);
	}

	close() {
		for (const page of [...this.pages]) {
			page.tab.run(() => page.chat.stop());
			this.kill(page, new Random(0));
		}
	}

	#attend(again = false) {
		for (const page of this.pages) page.tab.run(() => page.attend(again));
	}
}
