import type { Chat } from '$lib/chat/chat.svelte';
import { language } from '$lib/i18n/language.svelte';
import { m } from '$lib/i18n/messages';
import { isActive } from '$lib/people/people.svelte';
import type { Person } from '$lib/protocol';
import { othersIn } from '$lib/rooms/names';
import { sorted, visible } from '$lib/rooms/order';
import type { JoinedRoom } from '$lib/rooms/room.svelte';
import type { Action } from './actions';
import { weightOf, type History } from './frecency';
import { foldedOf } from './match';
import type { Candidate } from './rank';

interface Called extends Candidate {
	key: string;
	label: string;
}

/** Where the switcher leads. */
export type Goal = Called &
	(
		| { kind: 'room'; room: JoinedRoom }
		| { kind: 'person'; person: Person }
		| { kind: 'action'; action: Action }
	);

/** All that can be gone to or done: rooms, then people with whom there is no direct room yet, then actions. */
export function goalsOf(chat: Chat, history: History, actions: readonly Action[], now: number): Goal[] {
	const { rooms, direct } = sorted(chat.rooms.all(), chat.people, chat.me.id);
	const shown = new Set(visible(chat.rooms.all(), null).map(({ id }) => id));
	const met = new Set(
		direct.flatMap(({ room }) => {
			const others = othersIn(room.row, chat.me.id);
			return others.length === 1 ? others : [];
		})
	);
	return [
		...[...rooms, ...direct].map(({ room, name }): Goal => ({
			kind: 'room',
			key: `room-${room.id}`,
			room,
			label: name,
			names: [name, ...usernamesIn(chat, room)].map(foldedOf),
			weight: weightOf(history, room.id, now),
			mentions: room.unread.mentions,
			unread: room.unread.count,
			// Where one is already is found, but not offered.
			listed: shown.has(room.id) && room.id !== chat.view.roomId
		})),
		...chat.people
			.all()
			.filter((person) => isActive(person) && !met.has(person.id))
			.sort((a, b) => a.displayName.localeCompare(b.displayName, language.locale))
			.map((person): Goal => ({
				kind: 'person',
				key: `person-${person.id}`,
				person,
				label:
					person.id === chat.me.id
						? m.direct_self({ name: person.displayName })
						: person.displayName,
				names: [person.displayName, person.username].map(foldedOf),
				...never
			})),
		...actions.map((action): Goal => ({
			kind: 'action',
			key: `action-${action.id}`,
			action,
			label: action.label,
			names: [foldedOf(action.label)],
			...never,
			listed: true
		}))
	];
}

const never = { weight: 0, mentions: 0, unread: 0, listed: false };

function usernamesIn(chat: Chat, { row }: JoinedRoom): string[] {
	if (row.kind !== 'direct') return [];
	return othersIn(row, chat.me.id).flatMap((id) => chat.people.get(id)?.username ?? []);
}
