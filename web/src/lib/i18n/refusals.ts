import { RefusalError, UnreachableError, type Refusal } from '$lib/http/request';
import { m } from '$lib/i18n/messages';
import type { RefusalCode } from '$lib/protocol';
import { number } from './dates';

type Explained = Pick<Refusal, 'code' | 'detail' | 'params' | 'retryAfterMs'>;

// Codes that only a mistake in the program can bring have no sentence of their own: the server's will do.
const SENTENCES: Partial<Record<RefusalCode, (refusal: Explained) => string>> = {
	invalid_text: m.refusal_invalid_text,
	empty_text: m.refusal_empty_text,
	too_long: ({ params }) =>
		params?.limit === undefined
			? m.refusal_too_long()
			: m.refusal_too_long_limit({ limit: number(params.limit) }),
	invalid_username: m.refusal_invalid_username,
	invalid_password: m.refusal_invalid_password,
	common_password: m.refusal_common_password,
	invalid_name: m.refusal_invalid_name,
	invalid_status: m.refusal_invalid_status,
	invalid_topic: m.refusal_invalid_topic,
	invalid_people: m.refusal_invalid_people,
	invalid_pronouns: m.refusal_invalid_pronouns,
	invalid_time_zone: m.refusal_invalid_time_zone,
	invalid_invitation: m.refusal_invalid_invitation,
	invalid_link: m.refusal_invalid_link,
	invalid_scopes: m.refusal_invalid_scopes,
	invalid_reason: m.refusal_invalid_reason,
	no_session: m.refusal_no_session,
	wrong_credentials: m.refusal_wrong_credentials,
	forbidden: m.refusal_forbidden,
	disabled: m.refusal_disabled,
	banned: m.refusal_banned,
	out_of_scope: m.refusal_out_of_scope,
	locked: m.refusal_locked,
	last_owner: m.refusal_last_owner,
	not_member: m.refusal_not_member,
	not_yours: m.refusal_not_yours,
	receipts_off: m.refusal_receipts_off,
	invalid_reply: m.refusal_invalid_reply,
	invalid_emoji: m.refusal_invalid_emoji,
	deleted: m.refusal_deleted,
	too_many_reactions: m.refusal_too_many_reactions,
	too_many_pins: m.refusal_too_many_pins,
	too_many_saved: m.refusal_too_many_saved,
	too_many_tokens: m.refusal_too_many_tokens,
	archived: m.refusal_archived,
	general_stays: m.refusal_general_stays,
	direct_stays: m.refusal_direct_stays,
	registration_closed: m.refusal_registration_closed,
	wrong_origin: m.refusal_wrong_origin,
	not_found: m.refusal_not_found,
	username_taken: m.refusal_username_taken,
	room_name_taken: m.refusal_room_name_taken,
	conflict: m.refusal_conflict,
	too_fast: ({ retryAfterMs }) =>
		retryAfterMs === undefined
			? m.refusal_too_fast()
			: m.refusal_too_fast_wait({ seconds: Math.ceil(retryAfterMs / 1000) }),
	slow_mode: ({ retryAfterMs }) =>
		retryAfterMs === undefined
			? m.refusal_slow_mode()
			: m.refusal_slow_mode_wait({ seconds: Math.ceil(retryAfterMs / 1000) }),
	too_many_connections: m.refusal_too_many_connections,
	too_big: m.refusal_too_big,
	unavailable: m.refusal_unavailable
};

/** A refusal in the reader's language; the server's own English sentence for a code that is not known here. */
export function sentence(refusal: Explained): string {
	return SENTENCES[refusal.code as RefusalCode]?.(refusal) ?? refusal.detail;
}

/** Whatever went wrong, as a sentence. */
export function explain(failure: unknown): string {
	if (failure instanceof RefusalError) return sentence(failure);
	if (failure instanceof UnreachableError) return m.unreachable();
	return m.went_wrong();
}
