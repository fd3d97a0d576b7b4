import type {
	About,
	DeleteAccountBody,
	Person,
	PersonPresence,
	ProfileBody,
	ServerSettings,
	SessionAnswer,
	SettingsBody,
	SignInBody,
	SignUpBody,
	StreamChanges
} from '$lib/protocol';
import { request } from './request';

export const about = () => request<About>('GET', '/about');
export const signUp = (body: SignUpBody) => request<SessionAnswer>('POST', '/users', body);
export const signIn = (body: SignInBody) => request<SessionAnswer>('POST', '/sessions', body);
export const signOut = () => request<void>('DELETE', '/session');
export const session = () => request<SessionAnswer>('GET', '/session');
export const changeProfile = (body: ProfileBody) => request<Person>('PATCH', '/me', body);
export const deleteAccount = (body: DeleteAccountBody) => request<void>('DELETE', '/me', body);
export const changeSettings = (body: SettingsBody) => request<ServerSettings>('PATCH', '/settings', body);
export const presenceOf = (userId: number) => request<PersonPresence>('GET', `/people/${userId}/presence`);
export const personChanges = (after: number) => request<StreamChanges>('GET', `/me/changes?after=${after}`);
export const peopleChanges = (after: number) =>
	request<StreamChanges>('GET', `/people/changes?after=${after}`);
