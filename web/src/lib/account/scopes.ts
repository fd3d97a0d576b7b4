import { m } from '$lib/i18n/messages';
import type { Scope } from '$lib/protocol';

/** What an access token may do, in words. */
export const SCOPES: Record<Scope, { label: () => string; hint: () => string }> = {
	read: { label: m.scope_read, hint: m.scope_read_hint },
	write: { label: m.scope_write, hint: m.scope_write_hint },
	admin: { label: m.scope_admin, hint: m.scope_admin_hint }
};
