import type { Person, Role } from '$lib/protocol';
import { isAdmin } from '$lib/rooms/standing';

// What somebody may do to other people, as src/Olha.Server/Accounts/Authority.cs decides it: what would be refused is not offered.

export const ROLES: readonly Role[] = ['owner', 'admin', 'member', 'guest'];

/** Disabling, banning, ending sessions, a recovery link: whoever stands above them. */
export const mayGovern = (me: Person, whom: Person) =>
	isAdmin(me) && me.id !== whom.id && whom.state !== 'deleted' && (me.role === 'owner' || !isAdmin(whom));

/** @param everybody among whom there must stay an owner */
export function rolesFor(me: Person, whom: Person, everybody: readonly Person[]): readonly Role[] {
	if (whom.state === 'deleted' || !isAdmin(me)) return [];
	if (me.role !== 'owner') return isAdmin(whom) ? [] : ['member', 'guest'];
	const owners = everybody.filter(
		({ role, state }) => role === 'owner' && (state ?? 'active') === 'active'
	);
	return whom.role === 'owner' && owners.length < 2 ? [] : ROLES;
}
