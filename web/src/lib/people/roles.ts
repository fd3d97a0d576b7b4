import { m } from '$lib/i18n/messages';
import type { Role } from '$lib/protocol';

/** What a role is called. */
export function roleWord(role: Role): string {
	switch (role) {
		case 'owner':
			return m.owner();
		case 'admin':
			return m.admin();
		case 'member':
			return m.role_member();
		case 'guest':
			return m.guest();
	}
}
