import type { Locale } from '$lib/i18n/language.svelte';
import { newestDrawn } from './drawable';
import { layout, rowOf, step, type GridMeasures, type GridRow } from './grid';
import { heldEmoji, loadEmoji, type Emoji, type EmojiList, type Group } from './list';
import { recentEmoji, rememberUse } from './recent';
import { search } from './search';
import { tone, withTone } from './tone.svelte';

export interface Section {
	id: Group | 'recent' | 'found';
	emoji: readonly Emoji[];
}

/** Rows drawn above and below those in view, so that scrolling does not show where they end. */
const SPARE_ROWS = 3;

/** What an open emoji picker shows, and where one is in it. */
export class Picking {
	readonly measures: GridMeasures;
	#list: EmojiList | undefined = $state.raw();
	#failure: unknown = $state.raw(null);
	#query = $state('');
	#cursor: number | null = $state(null);
	#pointed: number | null = $state(null);
	// As they were when it opened: what is picked must not move under the pointer.
	#recent = recentEmoji();
	/** Pixels scrolled, and pixels in view. */
	top = $state(0);
	height = $state(0);

	readonly sections: readonly Section[] = $derived.by(() => this.#sections());
	readonly grid = $derived.by(() =>
		layout(
			this.sections.map(({ emoji }) => emoji.length),
			this.measures
		)
	);
	readonly #cells = $derived(this.sections.flatMap(({ emoji }) => emoji));
	/** The section at the top of what is in view. */
	readonly current = $derived(
		Math.max(
			0,
			this.grid.sections.findLastIndex(({ top }) => top <= this.top + 1)
		)
	);

	constructor(measures: GridMeasures) {
		this.measures = measures;
	}

	get list() {
		return this.#list;
	}

	/** Why the list did not come; null when it did. */
	get failure() {
		return this.#failure;
	}

	get query() {
		return this.#query;
	}

	set query(query: string) {
		this.#query = query;
		this.#pointed = null;
		// While something is looked for, Enter takes the best that was found.
		this.#cursor = this.searching && this.grid.cells > 0 ? 0 : null;
	}

	get searching() {
		return this.#query.trim() !== '';
	}

	/** The cell that the keys are at. */
	get cursor() {
		return this.#cursor;
	}

	/** The emoji that is told about: under the pointer, else at the cursor. */
	get told(): Emoji | undefined {
		const cell = this.#pointed ?? this.#cursor;
		return cell === null ? undefined : this.#cells[cell];
	}

	async load(locale: Locale) {
		this.#list = heldEmoji(locale);
		this.#failure = null;
		if (this.#list) return;
		try {
			this.#list = await loadEmoji(locale);
		} catch (failure) {
			this.#failure = failure;
		}
	}

	/** The rows of a section that are in view, and a few more. */
	rowsInView(section: number): readonly GridRow[] {
		const { rows } = this.grid.sections[section]!;
		const spare = SPARE_ROWS * this.measures.rowHeight;
		const [from, to] = [this.top - spare, this.top + this.height + spare];
		return rows.filter(({ top }) => top + this.measures.rowHeight > from && top < to);
	}

	shown(emoji: Emoji): string {
		return withTone(emoji, tone.current);
	}

	point(cell: number | null) {
		this.#pointed = cell;
	}

	/** @returns whether the key led anywhere */
	move(key: string): boolean {
		const page = Math.max(1, Math.floor(this.height / this.measures.rowHeight) - 1);
		const to = step(this.grid, this.#cursor, key, page);
		if (to === undefined) return false;
		this.#cursor = to;
		this.#pointed = null;
		return true;
	}

	/** How far it must be scrolled for the cursor to be in view. */
	get topForCursor(): number {
		const { grid, measures } = this;
		const row = grid.rows[rowOf(grid, this.#cursor ?? 0)];
		if (!row) return 0;
		// The heading of the section stays on top of what is in view.
		const least = row.top + measures.rowHeight - this.height;
		return Math.max(least, Math.min(this.top, row.top - measures.headingHeight));
	}

	/** Takes the emoji of a cell, or the one at the cursor; undefined when there is none. */
	take(cell = this.#cursor): string | undefined {
		const emoji = cell === null ? undefined : this.#cells[cell];
		if (!emoji) return undefined;
		rememberUse(emoji.sign);
		return this.shown(emoji);
	}

	#sections(): Section[] {
		const list = this.#list;
		if (!list) return [];
		const newest = newestDrawn();
		const drawn = (emoji: readonly Emoji[]) =>
			newest === Infinity ? emoji : emoji.filter(({ version }) => version <= newest);
		if (this.searching) return [{ id: 'found', emoji: drawn(search(list, this.#query, this.#recent)) }];
		const recent = this.#recent
			.map((sign) => list.bySign(sign))
			.filter((emoji) => emoji !== undefined)
			.slice(0, this.measures.columns);
		const groups = list.groups.map(({ group, emoji }) => ({ id: group, emoji: drawn(emoji) }));
		return recent.length > 0 ? [{ id: 'recent', emoji: recent }, ...groups] : groups;
	}
}
