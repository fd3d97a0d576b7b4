import type {
	InvitationOffer,
	LinkInfo,
	NewInvitation,
	NewInvitationBody,
	NewLink,
	NewToken,
	NewTokenBody,
	PasswordBody,
	SessionAnswer,
	SessionList,
	TokenList,
	UseLinkBody
} from '$lib/protocol';
import { request } from './request';

/** Where the browser downloads all that the server has of the person. */
export const EXPORT = '/api/v1/me/export';

export const lookInvitation = (token: string) =>
	request<InvitationOffer>('POST', '/invitations/look', { token });
export const acceptInvitation = (token: string) => request<unknown>('POST', '/invitations/accept', { token });
export const makeInvitation = (body: NewInvitationBody) =>
	request<NewInvitation>('POST', '/invitations', body);

export const lookLink = (token: string) => request<LinkInfo>('POST', '/links/look', { token });
export const spendLink = (body: UseLinkBody) => request<SessionAnswer>('POST', '/links/use', body);
export const makeDeviceLink = () => request<NewLink>('POST', '/me/device-links');

export const sessions = () => request<SessionList>('GET', '/sessions');
export const endSession = (id: number) => request<void>('DELETE', `/sessions/${id}`);
export const endOtherSessions = () => request<void>('DELETE', '/sessions');
export const changePassword = (body: PasswordBody) => request<SessionAnswer>('PUT', '/me/password', body);

export const tokens = () => request<TokenList>('GET', '/me/tokens');
export const makeToken = (body: NewTokenBody) => request<NewToken>('POST', '/me/tokens', body);
export const revokeToken = (id: number) => request<void>('DELETE', `/me/tokens/${id}`);
