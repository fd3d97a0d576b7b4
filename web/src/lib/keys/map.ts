import { m } from '$lib/i18n/messages';
import { EVERYWHERE, IN_INBOX, type Command } from './bindings';
import type { Chord } from './chord';

export interface MapRow {
	/** Any of these. */
	chords: readonly Chord[];
	does: string;
}

export interface MapGroup {
	title: string;
	rows: readonly MapRow[];
}

/** Which key does what, for people. */
export const mapOfKeys = (): MapGroup[] => [
	{ title: m.keys_everywhere(), rows: rowsOf(EVERYWHERE, everywhere()) },
	{ title: m.keys_in_composer(), rows: inComposer() },
	{ title: m.keys_on_message(), rows: onMessage() },
	{ title: m.inbox(), rows: rowsOf(IN_INBOX, inInbox()) }
];

// A command without words, or words without a command, do not compile.
const rowsOf = <Name extends string>(
	bindings: Readonly<Record<Name, readonly Chord[]>>,
	words: Readonly<Record<Name, string>>
) => (Object.keys(bindings) as Name[]).map((name): MapRow => ({ chords: bindings[name], does: words[name] }));

const everywhere = (): Record<Command, string> => ({
	switcher: m.go_to_hint(),
	roomBefore: m.key_room_before(),
	roomAfter: m.key_room_after(),
	unreadBefore: m.key_unread_before(),
	unreadAfter: m.key_unread_after(),
	inbox: m.inbox(),
	readAll: m.mark_all_read(),
	undoReadAll: m.key_undo_read_all(),
	keys: m.keyboard_shortcuts()
});

const inInbox = (): Record<keyof typeof IN_INBOX, string> => ({
	before: m.key_before(),
	after: m.key_after(),
	open: m.open(),
	markRead: m.mark_read(),
	letGo: m.unsave_message(),
	lists: m.key_lists()
});

// As Composer.svelte acts.
const inComposer = (): MapRow[] => [
	{ chords: [{ key: 'Enter' }], does: m.send() },
	{ chords: [{ key: 'Enter', shift: true }], does: m.key_new_line() },
	{ chords: [{ key: 'ArrowUp' }], does: m.key_edit_last() },
	{ chords: [{ key: 'Escape' }], does: m.key_cancel_writing() }
];

// As MessageLog.svelte and MessageRow.svelte act.
const onMessage = (): MapRow[] => [
	{ chords: [{ key: 'ArrowUp' }], does: m.key_before() },
	{ chords: [{ key: 'ArrowDown' }], does: m.key_after() },
	{ chords: [{ key: 'Enter' }], does: m.message_actions() },
	{ chords: [{ key: 'r' }], does: m.reply() },
	{ chords: [{ key: '+' }], does: m.add_reaction() },
	{ chords: [{ key: 'e' }], does: m.edit() },
	{ chords: [{ key: 'p' }], does: m.key_pin() },
	{ chords: [{ key: 's' }], does: m.key_save() },
	{ chords: [{ key: 'u' }], does: m.mark_unread() },
	{ chords: [{ key: 'f' }], does: m.forward() },
	{ chords: [{ key: 'c' }], does: m.copy_text() },
	{ chords: [{ key: 'l' }], does: m.copy_link() },
	{ chords: [{ key: 'Delete' }], does: m.delete_message() },
	{ chords: [{ key: 'Escape' }], does: m.key_to_composer() }
];
