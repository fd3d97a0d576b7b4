import type { Chat } from '$lib/chat/chat.svelte';
import { newestDrawn } from '$lib/emoji/drawable';
import { heldEmoji, loadEmoji, type Emoji, type EmojiList } from '$lib/emoji/list';
import { recentEmoji, rememberUse } from '$lib/emoji/recent';
import { search } from '$lib/emoji/search';
import { tone, withTone } from '$lib/emoji/tone.svelte';
import { language } from '$lib/i18n/language.svelte';
import { m } from '$lib/i18n/messages';
import type { Person, Room } from '$lib/protocol';
import { EVERYBODY } from './mentions';
import { peopleOf } from './people-of';
import { meansEverybody, MOST, rankByName, rankPeople, speakersOf } from './rank';
import { shortcodeAt, wordAt, type Word } from './word';

/** What is offered for a word. */
export type Offer = { key: string; insert: string } & (
	| { kind: 'person'; person: Person; away: boolean }
	| { kind: 'everybody' }
	| { kind: 'room'; room: Room }
	| { kind: 'emoji'; emoji: Emoji }
);

/** Completes what is being typed in a room: names of people and rooms, and emoji. */
export class Completing {
	#chat: Chat;
	#roomId: number;
	/** Puts a text in place of a part of what is in the box. */
	#put: (text: string, start: number, end: number) => void;
	#word: Word | null = $state.raw(null);
	#index = $state(0);
	#emoji: EmojiList | undefined = $state.raw();
	// As last typed: what was waited for may come too late.
	#text = '';
	// Where the word begins that the person does not want completed.
	#refused: number | null = null;

	readonly offers: readonly Offer[] = $derived.by(() => this.#offers());

	constructor(chat: Chat, roomId: number, put: (text: string, start: number, end: number) => void) {
		this.#chat = chat;
		this.#roomId = roomId;
		this.#put = put;
	}

	get open() {
		return this.offers.length > 0;
	}

	/** The offer that Enter takes. */
	get index() {
		return Math.min(this.#index, this.offers.length - 1);
	}

	/** Something was typed. */
	typed(text: string, caret: number) {
		this.#text = text;
		if (text[caret - 1] === ':') void this.#replaceShortcode(text, caret);
		const word = wordAt(text, caret);
		if (word?.start !== this.#refused) this.#refused = null;
		else if (word) return;
		this.#take(word);
	}

	/** The caret was moved: within the word it goes on, elsewhere it is over. */
	moved(text: string, caret: number) {
		const held = this.#word;
		if (!held || held.end === caret) return;
		const word = wordAt(text, caret);
		this.#take(word?.start === held.start && word.sign === held.sign ? word : null);
	}

	/** Nothing is completed until something is typed. */
	close() {
		this.#word = null;
	}

	/** @returns whether the key was the list's */
	key({ key, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
		if (!this.open || shiftKey || altKey || ctrlKey || metaKey) return false;
		const count = this.offers.length;
		// Typed out, there is nothing to complete: Enter sends.
		if (key === 'Enter' && this.#isTypedOut(this.offers[this.index]!)) {
			this.close();
			return false;
		}
		if (key === 'ArrowDown') this.#index = (this.index + 1) % count;
		else if (key === 'ArrowUp') this.#index = (this.index + count - 1) % count;
		else if (key === 'Enter' || key === 'Tab') this.accept(this.offers[this.index]!);
		else if (key === 'Escape') {
			this.#refused = this.#word!.start;
			this.close();
		} else return false;
		return true;
	}

	accept(offer: Offer) {
		const word = this.#word;
		if (!word) return;
		this.close();
		if (offer.kind === 'emoji') rememberUse(offer.emoji.sign);
		this.#put(offer.insert, word.start, word.end);
	}

	#isTypedOut({ insert }: Offer) {
		const { sign, query } = this.#word!;
		return insert.trimEnd().toLowerCase() === sign + query.toLowerCase();
	}

	#take(word: Word | null) {
		if (word?.sign !== this.#word?.sign || word?.query !== this.#word?.query) this.#index = 0;
		this.#word = word;
		// Without them, everybody is offered, and who is not here is not marked as such.
		if (word?.sign === '@')
			this.#chat.rooms
				.get(this.#roomId)
				?.loadMembers()
				.catch(() => {});
		if (word?.sign === ':') void this.#wantEmoji();
	}

	async #wantEmoji(): Promise<EmojiList | undefined> {
		try {
			this.#emoji = heldEmoji(language.locale) ?? (await loadEmoji(language.locale));
		} catch {
			// Then a shortcode stays what it is.
		}
		return this.#emoji;
	}

	async #replaceShortcode(text: string, caret: number) {
		const found = shortcodeAt(text, caret);
		if (!found) return;
		const emoji = (heldEmoji(language.locale) ?? (await this.#wantEmoji()))?.byCode(found.code);
		if (!emoji || text !== this.#text) return;
		rememberUse(emoji.sign);
		this.#put(withTone(emoji, tone.current), found.start, caret);
	}

	#offers(): Offer[] {
		const word = this.#word;
		if (!word) return [];
		if (word.sign === '@') return this.#people(word.query);
		return word.sign === '#' ? this.#rooms(word.query) : this.#signs(word.query);
	}

	#people(query: string): Offer[] {
		const room = this.#chat.rooms.get(this.#roomId);
		if (!room) return [];
		const { isHere, ids } = peopleOf(room, this.#chat.people, this.#chat.me.id);
		const { here, away } = rankPeople({
			found: this.#chat.people.find(query, new Set([this.#chat.me.id])),
			query,
			isHere,
			recent: speakersOf(room.timeline?.messages ?? [])
		});
		const offer = (person: Person, isAway: boolean): Offer => ({
			key: `person-${person.id}`,
			kind: 'person',
			insert: `@${person.username} `,
			person,
			away: isAway
		});
		const everybody: Offer[] =
			// Where there is one other, their name says it.
			(ids === undefined || ids.length > 2) && meansEverybody(query, m.everybody_in_room())
				? [{ key: 'everybody', kind: 'everybody', insert: `@${EVERYBODY} ` }]
				: [];
		const people = here.slice(0, MOST - everybody.length).map((person) => offer(person, false));
		return [
			...(query.toLowerCase() === EVERYBODY ? [...everybody, ...people] : [...people, ...everybody]),
			...away.map((person) => offer(person, true))
		].slice(0, MOST);
	}

	#rooms(query: string): Offer[] {
		const named = this.#chat.rooms
			.all()
			.map(({ row }) => row)
			.filter(({ kind, archivedAt }) => kind !== 'direct' && !archivedAt);
		return rankByName(named, ({ name }) => name ?? '', query)
			.slice(0, MOST)
			.map((room) => ({ key: `room-${room.id}`, kind: 'room', insert: `#${room.name} `, room }));
	}

	#signs(query: string): Offer[] {
		if (!this.#emoji) return [];
		return search(this.#emoji, query, recentEmoji())
			.filter(({ version }) => version <= newestDrawn())
			.slice(0, MOST)
			.map((emoji) => ({
				key: emoji.sign,
				kind: 'emoji',
				insert: withTone(emoji, tone.current),
				emoji
			}));
	}
}
