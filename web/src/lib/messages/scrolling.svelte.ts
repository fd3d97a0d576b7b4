import type { VirtualizerHandle } from 'virtua/svelte';

/** Nearer than this to the end counts as being there, in px. */
const AT_END = 80;

/** Nearer than this to either edge, more is loaded, in px. */
const NEAR_EDGE = 700;

/**
 * For so long after a jump to the end the log stays there, in ms. A key or a wheel has set off a movement that goes on in
 * the browser after the jump (Chromium moves its target along), and would take the log away again.
 */
const JUMP_HOLDS = 600;

/** Where in a log the person is. Scrolling is never taken from them: the log moves by itself only at its end. */
export class Scrolling {
	#list: () => VirtualizerHandle | undefined;
	#follows = $state(true);
	#offset = 0;
	#jumpedAt = -Infinity;
	#leaving = false;
	/** Whether a finger is on the log: what it moves is not known yet when something else moves the log. */
	held = false;

	constructor(list: () => VirtualizerHandle | undefined) {
		this.#list = list;
	}

	/** Whether the end is in view, so that what is new comes into view by itself. */
	get follows() {
		return this.#follows;
	}

	/** Whether a changed size is to leave the end in view: not while the person is about to go up from it. */
	get holdsEnd() {
		return this.#follows && !this.#leaving && !this.held;
	}

	get nearStart() {
		return (this.#list()?.getScrollOffset() ?? Infinity) < NEAR_EDGE;
	}

	get nearEnd() {
		return this.#toEnd() < NEAR_EDGE;
	}

	/** The row at the top of the screen. */
	get top(): number {
		const list = this.#list();
		return list ? list.findItemIndex(list.getScrollOffset()) : 0;
	}

	/** The last row that is on screen as a whole, or fills the screen. */
	get bottom(): number {
		const list = this.#list();
		if (!list) return -1;
		const edge = list.getScrollOffset() + list.getViewportSize();
		const last = list.findItemIndex(edge);
		const whole = list.getItemOffset(last) + list.getItemSize(last) <= edge + 4;
		return whole || last === this.top ? last : last - 1;
	}

	/**
	 * The person, or a changed size, has moved a log of that many rows. Only going up leaves the end.
	 * @param more whether the room goes on below what is held: that end is not the room's
	 */
	moved(rows: number, more = false) {
		const offset = this.#list()?.getScrollOffset() ?? 0;
		const jumping = performance.now() - this.#jumpedAt < JUMP_HOLDS;
		if (jumping && !this.held && this.#toEnd() >= 1) this.toEnd(rows);
		else if (more) this.#follows = false;
		else if (this.#toEnd() <= AT_END) this.#follows = true;
		else if (offset < this.#offset - 2) this.#follows = false;
		if (this.#toEnd() <= 2) this.#leaving = false;
		else if (offset < this.#offset - 2) this.#leaving = true;
		this.#offset = offset;
	}

	/** The person has asked for the end: unlike `toEnd`, this stands against a movement that is still going on. */
	jumpToEnd(rows: number) {
		this.#jumpedAt = performance.now();
		this.toEnd(rows);
	}

	toEnd(rows: number) {
		this.#follows = true;
		this.#leaving = false;
		if (rows > 0) this.#list()?.scrollToIndex(rows - 1, { align: 'end' });
	}

	/** Puts a row a little below the top. */
	toRow(index: number) {
		this.#jumpedAt = -Infinity;
		this.#follows = false;
		this.#list()?.scrollToIndex(index, { align: 'start', offset: -72 });
	}

	#toEnd() {
		const list = this.#list();
		return list ? list.getScrollSize() - list.getScrollOffset() - list.getViewportSize() : Infinity;
	}
}
