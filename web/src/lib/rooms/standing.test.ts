import { describe, expect, test } from 'vitest';
import type { Message, Person, Role, Room } from '$lib/protocol';
import { mayReport, standingIn, type Standing } from './standing';

const person = (role: Role, id = 1): Person => ({
	id,
	username: 'ana',
	displayName: 'Ana',
	color: '#112233',
	role,
	rev: 1
});

const room = (row: Partial<Room> = {}): Room => ({
	id: 7,
	kind: 'open',
	name: 'Jardim',
	creatorId: 99,
	general: false,
	createdAt: '2026-01-01T00:00:00Z',
	firstSeq: 1,
	rev: 1,
	...row
});

/** What somebody may do, by name. */
const may = (role: Role, row: Partial<Room> = {}, moderator = false) =>
	Object.entries(standingIn({ row: room(row), moderator }, person(role)) satisfies Standing)
		.filter(([, allowed]) => allowed)
		.map(([name]) => name);

describe('what is offered in a room', () => {
	test('a member talks, invites and leaves', () => {
		expect(may('member')).toEqual(['post', 'invite', 'leave']);
	});

	test('a guest only talks where they were invited to, also in a room that was once theirs', () => {
		expect(may('guest')).toEqual(['post', 'leave']);
		expect(may('guest', { creatorId: 1 })).toEqual(['post', 'leave']);
	});

	test('a moderator changes the room, and names no others', () => {
		expect(may('member', {}, true)).toEqual(['post', 'invite', 'manage', 'remove', 'archive', 'leave']);
	});

	test('its creator besides names moderators', () => {
		expect(may('member', { creatorId: 1 })).toContain('appoint');
		expect(may('member', { creatorId: 1 })).not.toContain('delete');
	});

	test('owners and admins do all of it, but to General', () => {
		for (const role of ['owner', 'admin'] as const) {
			expect(may(role)).toEqual(expect.arrayContaining(['manage', 'appoint', 'govern', 'delete']));
			expect(may(role, { general: true })).toEqual(['post', 'manage', 'appoint', 'govern']);
		}
	});

	test('nobody manages a direct room', () => {
		expect(may('owner', { kind: 'direct', creatorId: 1 })).toEqual(['post']);
	});

	test('in a locked room moderators speak', () => {
		expect(may('member', { locked: true })).not.toContain('post');
		expect(may('member', { locked: true }, true)).toContain('post');
		expect(may('admin', { locked: true })).toContain('post');
		expect(may('owner', { locked: true, archivedAt: '2026-01-01T00:00:00Z' })).not.toContain('post');
	});

	test("others' texts can be reported", () => {
		const message: Message = {
			id: 1,
			roomId: 7,
			seq: 1,
			rev: 1,
			authorId: 2,
			kind: 'text',
			createdAt: '2026-01-01T00:00:00Z'
		};
		expect(mayReport(message, person('member', 1))).toBe(true);
		expect(mayReport(message, person('member', 2))).toBe(false);
		expect(mayReport({ ...message, deletedAt: message.createdAt }, person('member', 1))).toBe(false);
		expect(mayReport({ ...message, kind: 'system' }, person('member', 1))).toBe(false);
	});
});
