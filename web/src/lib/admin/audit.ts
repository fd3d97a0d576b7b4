import { days, number, span } from '$lib/i18n/dates';
import { m } from '$lib/i18n/messages';
import { roleWord } from '$lib/people/roles';
import type { AuditAction, AuditEntry, Role } from '$lib/protocol';

/** What people and rooms are called. */
export interface Names {
	person: (id: number) => string;
	room: (id: number) => string | undefined;
}

/** What all sentences are made of. */
interface Parts {
	actor: string;
	person: string;
	room: string;
	details: Readonly<Record<string, string>>;
}

const SENTENCES: Record<AuditAction, (parts: Parts) => string> = {
	settingsChanged: m.audit_settings_changed,
	roleChanged: ({ actor, person, details: { from, to } }) =>
		from && to
			? m.audit_role_changed_from({ actor, person, from: word(from), to: word(to) })
			: m.audit_role_changed({ actor, person }),
	disabled: m.audit_disabled,
	enabled: m.audit_enabled,
	banned: m.audit_banned,
	sessionsEnded: m.audit_sessions_ended,
	recoveryLinkMade: m.audit_recovery_link_made,
	accountDeleted: m.audit_account_deleted,
	messagesRemoved: m.audit_messages_removed,
	invitationMade: m.audit_invitation_made,
	invitationRevoked: m.audit_invitation_revoked,
	roomChanged: m.audit_room_changed,
	roomArchived: m.audit_room_archived,
	roomUnarchived: m.audit_room_unarchived,
	roomDeleted: m.audit_room_deleted,
	memberRemoved: m.audit_member_removed,
	moderatorMade: m.audit_moderator_made,
	moderatorUnmade: m.audit_moderator_unmade,
	messageDeleted: m.audit_message_deleted,
	reportResolved: m.audit_report_resolved,
	messagesPurged: m.audit_messages_purged,
	passwordReset: m.audit_password_reset
};

/** An act as a sentence in the reader's language. */
export function told(entry: AuditEntry, names: Names): string {
	const details = entry.details ?? {};
	return SENTENCES[entry.action]({
		actor: entry.actorId === undefined ? m.audit_program() : names.person(entry.actorId),
		person: entry.userId === undefined ? m.somebody() : names.person(entry.userId),
		room:
			(entry.roomId === undefined ? undefined : names.room(entry.roomId)) ||
			(entry.action.startsWith('room') && details.name) ||
			m.some_room(),
		details
	});
}

/** What else there is to say of it, a line each. What a newer server tells and is not known here is told as it is. */
export function detailsOf({ action, details = {} }: AuditEntry): string[] {
	return Object.entries(details).flatMap(([name, value]) => {
		if (SAID[action]?.includes(name)) return [];
		if (name === 'count' && action === 'sessionsEnded') return [m.device_count({ count: Number(value) })];
		return [DETAILS[name]?.(value) ?? `${name}: ${value}`];
	});
}

/** Said in the sentence. */
const SAID: Partial<Record<AuditAction, readonly string[]>> = {
	roleChanged: ['from', 'to'],
	disabled: ['from', 'to'],
	enabled: ['from', 'to'],
	banned: ['from', 'to'],
	roomDeleted: ['name']
};

const DETAILS: Record<string, (value: string) => string> = {
	name: (value) => m.detail_of({ what: m.detail_name(), value }),
	receipts: (value) => m.detail_of({ what: m.receipts_setting(), value: onOff(value) }),
	registration: (value) => m.detail_of({ what: m.who_may_join(), value: registration(value) }),
	messageLength: (value) => m.detail_of({ what: m.message_length(), value: figure(value) }),
	messagesPerMinute: (value) => m.detail_of({ what: m.messages_per_minute(), value: figure(value) }),
	retentionDays: (value) => m.detail_of({ what: m.retention(), value: retention(Number(value)) }),
	slowModeSeconds: (value) =>
		m.detail_of({
			what: m.slow_mode(),
			value: Number(value) > 0 ? span(Number(value)) : m.slow_mode_off()
		}),
	locked: (value) => m.detail_of({ what: m.lock_room(), value: onOff(value) }),
	to: (value) => m.detail_of({ what: m.role(), value: word(value) }),
	invitation: (value) => m.detail_of({ what: m.detail_invitation(), value: numbered(value) }),
	seq: (value) => m.detail_of({ what: m.detail_message(), value: numbered(value) }),
	count: (value) => m.messages_count({ count: Number(value) })
};

const ROLES: ReadonlySet<string> = new Set<Role>(['owner', 'admin', 'member', 'guest']);
const word = (role: string) => (ROLES.has(role) ? roleWord(role as Role) : role);
const onOff = (value: string) => (value === 'on' ? m.on() : m.off());
const numbered = (value: string) => (Number.isFinite(Number(value)) ? number(Number(value)) : value);
const figure = (value: string) => (value === '0' ? m.no_limit() : numbered(value));

function registration(value: string) {
	if (value === 'open') return m.registration_open();
	return value === 'invite' ? m.registration_invite() : m.registration_closed();
}

function retention(count: number) {
	if (count < 0) return m.retention_server();
	return count === 0 ? m.retention_never() : m.retention_after({ days: days(count) });
}
