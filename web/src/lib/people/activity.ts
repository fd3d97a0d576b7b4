import { openChannel, type Channel } from '$lib/notify/channel';

/** Without input in any window for so long, or hidden for so long, a window's person is idle. */
const IDLE_MS = 5 * 60_000;

/** Input is told to the other windows this often at most. */
const TELL_EVERY_MS = 15_000;

const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Whether the person is active at this window: said when it changes, and again to every new connection that takes them for active. */
export class Activity {
	#say: (active: boolean) => void;
	#channel: Channel<'input'>;
	#active = true;
	#inputAt = Date.now();
	#toldAt = -Infinity;
	#hiddenAt: number | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#closed = new AbortController();

	constructor(userId: number, say: (active: boolean) => void) {
		this.#say = say;
		this.#channel = openChannel(`olha-active-${userId}`, () => this.#input());
	}

	/** Begins to watch. */
	start() {
		const { signal } = this.#closed;
		const heard = () => {
			this.#input();
			if (Date.now() - this.#toldAt < TELL_EVERY_MS) return;
			this.#toldAt = Date.now();
			this.#channel.say('input');
		};
		for (const type of INPUT) addEventListener(type, heard, { signal, passive: true, capture: true });
		document.addEventListener('visibilitychange', () => this.#seen(), { signal });
		this.#seen();
	}

	/** A new connection counts as active. */
	greeted() {
		if (!this.#active) this.#say(false);
	}

	close() {
		this.#closed.abort();
		this.#channel.close();
		clearTimeout(this.#timer);
	}

	#seen() {
		if (document.visibilityState === 'hidden') this.#hiddenAt ??= Date.now();
		else {
			this.#hiddenAt = null;
			// Who brings a window to the front is there.
			this.#inputAt = Date.now();
		}
		this.#look();
	}

	#input() {
		this.#inputAt = Date.now();
		// The timer finds out by itself: a pointer that moves costs no more than this.
		if (!this.#active) this.#look();
	}

	#look() {
		clearTimeout(this.#timer);
		const idleAt = Math.min(this.#inputAt, this.#hiddenAt ?? Infinity) + IDLE_MS;
		const active = Date.now() < idleAt;
		if (active) this.#timer = setTimeout(() => this.#look(), idleAt - Date.now());
		if (active === this.#active) return;
		this.#active = active;
		this.#say(active);
	}
}
