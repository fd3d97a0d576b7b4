import { createContext } from 'svelte';

export type DialogName =
	| 'create'
	| 'browse'
	| 'direct'
	| 'person'
	| 'invite'
	| 'edit'
	| 'forward'
	| 'history'
	| 'seen'
	| 'deleteMessage'
	| 'report'
	| 'deleteRoom'
	| 'switcher'
	| 'keys';

/** The dialog that is open; one at a time. */
export class Dialogs {
	#name: DialogName | null = $state(null);
	#roomId: number | null = $state(null);
	#seq: number | null = $state(null);
	#people: readonly number[] = $state.raw([]);
	#userId: number | null = $state(null);

	get name() {
		return this.#name;
	}

	/** The room that the dialog is about, for those that are about one. */
	get roomId() {
		return this.#roomId;
	}

	/** The message that the dialog is about, for those that are about one. */
	get seq() {
		return this.#seq;
	}

	/** Whom the dialog is about, for the one that is about somebody. */
	get userId() {
		return this.#userId;
	}

	/** Shows who somebody is. */
	openPerson(userId: number) {
		this.open('person');
		this.#userId = userId;
	}

	/** Ids of those who are chosen from the start, where people are chosen. */
	get people() {
		return this.#people;
	}

	open(
		name: DialogName,
		roomId: number | null = null,
		seq: number | null = null,
		people: readonly number[] = []
	) {
		this.#name = name;
		this.#roomId = roomId;
		this.#seq = seq;
		this.#people = people;
	}

	close() {
		this.#name = null;
	}
}

export const [getDialogs, setDialogs] = createContext<Dialogs>();
