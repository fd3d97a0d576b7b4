import type {
	Member,
	MemberList,
	MessagePage,
	NewRoomBody,
	OpenRoomList,
	Place,
	ReadState,
	Room,
	RoomChanges,
	RoomList,
	RoomPatchBody
} from '$lib/protocol';
import { request } from './request';

/** Which messages: the newest without a cursor; below, above or on both sides of a `seq`; from a time on. */
export type Cursor = { before: number } | { after: number } | { around: number } | { at: string } | undefined;

export const PAGE = 50;

export const all = () => request<RoomList>('GET', '/rooms');
export const place = (roomId: number) => request<Place>('GET', `/rooms/${roomId}`);
export const createRoom = (body: NewRoomBody) => request<Place>('POST', '/rooms', body);
export const openDirect = (userIds: readonly number[]) =>
	request<Place>('POST', '/rooms/direct', { userIds });
export const changeRoom = (roomId: number, body: RoomPatchBody) =>
	request<Room>('PATCH', `/rooms/${roomId}`, body);
export const join = (roomId: number) => request<Place>('POST', `/rooms/${roomId}/join`);
export const leave = (roomId: number) => request<void>('POST', `/rooms/${roomId}/leave`);
export const members = (roomId: number) => request<MemberList>('GET', `/rooms/${roomId}/members`);
export const invite = (roomId: number, userId: number) =>
	request<Member>('PUT', `/rooms/${roomId}/members/${userId}`);
export const remove = (roomId: number, userId: number) =>
	request<void>('DELETE', `/rooms/${roomId}/members/${userId}`);
export const appoint = (roomId: number, userId: number, moderator: boolean) =>
	request<Member>(moderator ? 'PUT' : 'DELETE', `/rooms/${roomId}/moderators/${userId}`);
export const deleteRoom = (roomId: number) => request<void>('DELETE', `/rooms/${roomId}`);
export const moveMark = (roomId: number, mark: number, replaces: number) =>
	request<ReadState>('PUT', `/rooms/${roomId}/read`, { mark, replaces });
export const changes = (roomId: number, after: number) =>
	request<RoomChanges>('GET', `/rooms/${roomId}/changes?after=${after}&limit=500`);

export function openRooms(query: string, after?: string, signal?: AbortSignal) {
	const search = new URLSearchParams();
	if (query) search.set('query', query);
	if (after) search.set('after', after);
	return request<OpenRoomList>('GET', `/rooms/open?${search}`, undefined, signal);
}

export function page(roomId: number, cursor: Cursor) {
	const search = new URLSearchParams({ limit: String(PAGE) });
	for (const [name, place] of Object.entries(cursor ?? {})) search.set(name, String(place));
	return request<MessagePage>('GET', `/rooms/${roomId}/messages?${search}`);
}
