import Compass from '@lucide/svelte/icons/compass';
import CheckCheck from '@lucide/svelte/icons/check-check';
import Inbox from '@lucide/svelte/icons/inbox';
import Keyboard from '@lucide/svelte/icons/keyboard';
import MessageCirclePlus from '@lucide/svelte/icons/message-circle-plus';
import Plus from '@lucide/svelte/icons/plus';
import Shield from '@lucide/svelte/icons/shield';
import Settings from '@lucide/svelte/icons/settings-2';
import type { Component } from 'svelte';
import { goto } from '$app/navigation';
import type { Dialogs } from '$lib/chat/dialogs.svelte';
import type { Marking } from '$lib/inbox/marking.svelte';
import { EVERYWHERE } from '$lib/keys/bindings';
import type { Chord } from '$lib/keys/chord';
import { m } from '$lib/i18n/messages';
import type { Person } from '$lib/protocol';
import { isAdmin } from '$lib/rooms/standing';

/** Something that can be done from anywhere. */
export interface Action {
	id: string;
	label: string;
	icon: Component<{ size?: number; strokeWidth?: number; 'aria-hidden'?: 'true' }>;
	chord?: Chord;
	run: () => void;
}

export const actionsOf = (dialogs: Dialogs, marking: Marking, me: Person): Action[] => [
	{
		id: 'inbox',
		label: m.inbox(),
		icon: Inbox,
		chord: EVERYWHERE.inbox[0],
		run: () => void goto('/inbox')
	},
	{
		id: 'readAll',
		label: m.mark_all_read(),
		icon: CheckCheck,
		chord: EVERYWHERE.readAll[0],
		run: () => marking.readAll()
	},
	{
		id: 'direct',
		label: m.start_direct_message(),
		icon: MessageCirclePlus,
		run: () => dialogs.open('direct')
	},
	...(me.role === 'guest'
		? []
		: [
				{ id: 'browse', label: m.browse_rooms(), icon: Compass, run: () => dialogs.open('browse') },
				{ id: 'create', label: m.create_room(), icon: Plus, run: () => dialogs.open('create') }
			]),
	...(isAdmin(me)
		? [{ id: 'admin', label: m.administration(), icon: Shield, run: () => void goto('/admin') }]
		: []),
	{
		id: 'profile',
		label: m.profile_and_settings(),
		icon: Settings,
		run: () => void goto('/settings')
	},
	{
		id: 'keys',
		label: m.keyboard_shortcuts(),
		icon: Keyboard,
		chord: EVERYWHERE.keys[0],
		run: () => dialogs.open('keys')
	}
];
