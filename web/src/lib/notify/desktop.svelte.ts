import { recall, remember } from '$lib/ui/memory';

/** Whether the browser lets this page show notifications; `insecure`: it does not without https. */
export type DesktopState = NotificationPermission | 'insecure' | 'unsupported';

/** What makes a sound: nothing, what means the person, or whatever is notified. */
export type SoundChoice = 'off' | 'mine' | 'all';

const DESKTOP = 'olha.notify.desktop';
const SOUND = 'olha.notify.sound';
const OFFER = 'olha.notify.offer';

/** How this device tells of messages: what the browser allows, and what the person wants. */
export class Desktop {
	#state: DesktopState = $state('unsupported');
	#wanted = $state(true);
	#sound: SoundChoice = $state('mine');
	#needed = $state(false);
	#declined = $state(false);

	constructor() {
		this.look();
		// In Safari there is no such question; its answer is seen when the window has the focus again.
		navigator.permissions
			?.query({ name: 'notifications' })
			.then((permission) => (permission.onchange = () => this.look()))
			.catch(() => {});
	}

	get state() {
		return this.#state;
	}

	/** Whether notifications are shown. */
	get on() {
		return this.#wanted && this.#state === 'granted';
	}

	/** Whether to offer them: they were missed once, and nobody has answered yet. */
	get offered() {
		return this.#needed && !this.#declined && this.#wanted && this.#state === 'default';
	}

	get sound() {
		return this.#sound;
	}

	set sound(choice: SoundChoice) {
		this.#sound = choice;
		remember(SOUND, choice === 'mine' ? null : choice);
	}

	/** Something meant the person. */
	needed() {
		this.#needed = true;
	}

	/** On a click only: browsers refuse pages that ask by themselves. */
	async turnOn() {
		this.#wanted = true;
		remember(DESKTOP, null);
		if (this.#state === 'default') await Notification.requestPermission();
		this.look();
		// Who closed the browser's question without an answer is not asked again.
		if (this.#state === 'default') this.decline();
	}

	turnOff() {
		this.#wanted = false;
		remember(DESKTOP, 'off');
	}

	decline() {
		this.#declined = true;
		remember(OFFER, 'declined');
	}

	/** What was decided elsewhere: in another window, or in the browser's own settings. */
	look() {
		this.#state = permission();
		this.#wanted = recall(DESKTOP) !== 'off';
		const sound = recall(SOUND);
		this.#sound = sound === 'off' || sound === 'all' ? sound : 'mine';
		this.#declined = recall(OFFER) === 'declined';
	}
}

function permission(): DesktopState {
	if (!globalThis.isSecureContext) return 'insecure';
	return typeof Notification === 'function' ? Notification.permission : 'unsupported';
}
