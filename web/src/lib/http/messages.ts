import type {
	FormerBodies,
	FoundMessages,
	Message,
	PinnedMessages,
	Place,
	RoomDraft,
	RoomLevel,
	SavedMessage,
	SeenBy
} from '$lib/protocol';
import { request } from './request';

const at = (roomId: number, seq: number) => `/rooms/${roomId}/messages/${seq}`;

export const one = (roomId: number, seq: number) => request<Message>('GET', at(roomId, seq));
export const edit = (roomId: number, seq: number, body: string) =>
	request<Message>('PATCH', at(roomId, seq), { body });
export const remove = (roomId: number, seq: number) => request<Message>('DELETE', at(roomId, seq));
export const edits = (roomId: number, seq: number) =>
	request<FormerBodies>('GET', `${at(roomId, seq)}/edits`);
export const seen = (roomId: number, seq: number) => request<SeenBy>('GET', `${at(roomId, seq)}/seen`);
export const react = (roomId: number, seq: number, emoji: string, present: boolean) =>
	request<Message>(present ? 'PUT' : 'DELETE', `${at(roomId, seq)}/reactions/${encodeURIComponent(emoji)}`);
export const pin = (roomId: number, seq: number, pinned: boolean) =>
	request<Message>(pinned ? 'PUT' : 'DELETE', `${at(roomId, seq)}/pin`);
export const pins = (roomId: number) => request<PinnedMessages>('GET', `/rooms/${roomId}/pins`);
export const save = (roomId: number, seq: number, saved: boolean) =>
	request<SavedMessage>(saved ? 'PUT' : 'DELETE', `${at(roomId, seq)}/saved`);
export const keepDraft = (roomId: number, body: string, replyToSeq?: number) =>
	request<RoomDraft>('PUT', `/rooms/${roomId}/draft`, { body, replyToSeq });
export const setLevel = (roomId: number, level: RoomLevel) =>
	request<Place>('PUT', `/rooms/${roomId}/level`, { level });

export const report = (roomId: number, seq: number, reason: string) =>
	request<void>('POST', `${at(roomId, seq)}/report`, { reason });

const before = (key?: number) => (key === undefined ? '' : `?before=${key}`);
export const mentions = (key?: number) => request<FoundMessages>('GET', `/me/mentions${before(key)}`);
export const replies = (key?: number) => request<FoundMessages>('GET', `/me/replies${before(key)}`);
export const saved = () => request<FoundMessages>('GET', '/me/saved');
