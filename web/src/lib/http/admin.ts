import type {
	Account,
	AccountBody,
	AccountList,
	AuditList,
	GovernedRoomList,
	InvitationList,
	Lately,
	NewLink,
	NodeList,
	PersonState,
	Role,
	Statistics
} from '$lib/protocol';
import { request } from './request';

/** Which people: those whose name holds the text, of a role, in a state. */
export interface PeopleQuery {
	query?: string;
	role?: Role;
	state?: PersonState;
}

export const people = (wanted: PeopleQuery, after?: number) =>
	request<AccountList>('GET', `/admin/people${searchOf({ ...wanted, after })}`);
export const changeAccount = (userId: number, body: AccountBody) =>
	request<Account>('PATCH', `/admin/people/${userId}`, body);
export const endSessions = (userId: number) => request<void>('DELETE', `/admin/people/${userId}/sessions`);
export const makeRecoveryLink = (userId: number) =>
	request<NewLink>('POST', `/admin/people/${userId}/recovery`);

export const rooms = (query: string, after?: number) =>
	request<GovernedRoomList>('GET', `/admin/rooms${searchOf({ query, after })}`);

export const invitations = () => request<InvitationList>('GET', '/invitations');
export const revokeInvitation = (id: number) => request<void>('DELETE', `/invitations/${id}`);

export const audit = (before?: number) => request<AuditList>('GET', `/admin/audit${searchOf({ before })}`);
export const lately = (after?: string) => request<Lately>('GET', `/admin/lately${searchOf({ after })}`);
export const nodes = () => request<NodeList>('GET', '/admin/nodes');
export const statistics = () => request<Statistics>('GET', '/admin/statistics');

function searchOf(wanted: Record<string, string | number | undefined>) {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(wanted)) if (value) search.set(name, String(value));
	return search.size > 0 ? `?${search}` : '';
}
