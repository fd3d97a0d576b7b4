import { tick } from 'svelte';
import { IN_INBOX, pressedIn } from '$lib/keys/bindings';
import type { Position } from './inbox.svelte';

/** Walking through a list by keyboard. One item at a time is reached by Tab, and the list may change meanwhile. */
export class Walk {
	#keys: () => readonly string[];
	#scroller: () => HTMLElement | undefined;
	#current: string | null = $state(null);
	#index = 0;
	#inside = false;
	/** Below the last item was asked for, and more is on its way. */
	#onward = false;
	#more: () => boolean;

	/**
	 * @param keys of the items, in order
	 * @param scroller holds them; an item's link has its key as `data-item`
	 * @param more sees to it that what is below the last item comes; returns whether there is anything
	 */
	constructor(keys: () => readonly string[], scroller: () => HTMLElement | undefined, more: () => boolean) {
		this.#keys = keys;
		this.#scroller = scroller;
		this.#more = more;
	}

	/** The item that Tab leads to. */
	get current(): string | null {
		const keys = this.#keys();
		return this.#current !== null && keys.includes(this.#current) ? this.#current : (keys[0] ?? null);
	}

	/** Whether the focus is on an item, or was until that was taken away. */
	get inside() {
		return this.#inside;
	}

	get position(): Position {
		return { key: this.#inside ? this.#current : null, top: this.#scroller()?.scrollTop ?? 0 };
	}

	/** An item, or something in it, has the focus. */
	entered(key: string) {
		this.#current = key;
		this.#index = this.#keys().indexOf(key);
		this.#inside = true;
		this.#onward = false;
	}

	/** The person has gone elsewhere: what happens to the list does not call them back. */
	left() {
		this.#inside = false;
		this.#onward = false;
	}

	/** Whether the key was one for walking. */
	key(event: KeyboardEvent): boolean {
		const pressed = pressedIn(IN_INBOX, event);
		if (pressed !== 'before' && pressed !== 'after') return false;
		const keys = this.#keys();
		const now = this.#inside && this.#current !== null ? keys.indexOf(this.#current) : -1;
		const next = now < 0 ? keys.indexOf(this.current ?? '') : now + (pressed === 'after' ? 1 : -1);
		const key = keys[next];
		if (key !== undefined) this.#focus(key);
		else if (now >= 0 && pressed === 'after') this.#onward = this.#more();
		return true;
	}

	/** Back to where somebody was; @returns whether there is such an item. */
	async restore({ key, top }: Position): Promise<boolean> {
		await tick();
		const scroller = this.#scroller();
		if (scroller) scroller.scrollTop = top;
		if (key === null || !this.#keys().includes(key)) return false;
		this.#focus(key, true);
		return true;
	}

	/**
	 * The list has changed: whoever is in it stays at their item, or at the one that took its place.
	 * @returns false when no item is left to stand on
	 */
	settle(): boolean {
		if (!this.#inside) return true;
		const keys = this.#keys();
		const here = keys.indexOf(this.#current ?? '');
		if (here >= 0) this.#index = here;
		const key = keys[here >= 0 ? here : Math.min(this.#index, keys.length - 1)];
		if (key === undefined) {
			this.left();
			return false;
		}
		const below = this.#onward && here >= 0 ? keys[here + 1] : undefined;
		if (below !== undefined) this.#focus(below);
		// Whoever moves an element takes its focus away.
		else if (document.activeElement === document.body) this.#focus(key, true);
		return true;
	}

	#focus(key: string, still = false) {
		this.#scroller()?.querySelector<HTMLElement>(`[data-item="${key}"]`)?.focus({ preventScroll: still });
	}
}
