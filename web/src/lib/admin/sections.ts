import Activity from '@lucide/svelte/icons/activity';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import Flag from '@lucide/svelte/icons/flag';
import Hash from '@lucide/svelte/icons/hash';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Settings from '@lucide/svelte/icons/settings-2';
import Ticket from '@lucide/svelte/icons/ticket';
import Users from '@lucide/svelte/icons/users';
import { m } from '$lib/i18n/messages';

/** The pages of the administration, in their order; the first is where one arrives. */
export const sections = () =>
	[
		{ path: '/admin', title: m.admin_overview(), icon: ChartColumn },
		{ path: '/admin/activity', title: m.activity(), icon: Activity },
		{ path: '/admin/people', title: m.people(), icon: Users },
		{ path: '/admin/rooms', title: m.rooms(), icon: Hash },
		{ path: '/admin/invitations', title: m.invitations(), icon: Ticket },
		{ path: '/admin/reports', title: m.reports(), icon: Flag },
		{ path: '/admin/settings', title: m.admin_settings(), icon: Settings },
		{ path: '/admin/audit', title: m.audit(), icon: ScrollText }
	] as const;
