import { expect, test } from 'vitest';
import type { Person, PersonState, Role } from '$lib/protocol';
import { mayGovern, rolesFor } from './authority';

let ids = 0;
const person = (role: Role, state?: PersonState): Person => ({
	id: ++ids,
	username: `p${ids}`,
	displayName: `P${ids}`,
	color: '#112233',
	role,
	rev: 1,
	...(state ? { state } : {})
});

test('an owner governs everybody but themselves, an admin members and guests, the others nobody', () => {
	const [owner, admin, member, guest] = [
		person('owner'),
		person('admin'),
		person('member'),
		person('guest')
	];
	expect(mayGovern(owner, owner)).toBe(false);
	for (const whom of [person('owner'), admin, member, guest]) expect(mayGovern(owner, whom)).toBe(true);
	for (const whom of [owner, person('admin'), admin]) expect(mayGovern(admin, whom)).toBe(false);
	for (const whom of [member, guest]) expect(mayGovern(admin, whom)).toBe(true);
	for (const whom of [owner, admin, guest]) expect(mayGovern(member, whom)).toBe(false);
	expect(mayGovern(owner, person('member', 'deleted'))).toBe(false);
});

test('an owner gives any role, an admin makes members guests and guests members', () => {
	const [owner, admin, member] = [person('owner'), person('admin'), person('member')];
	const everybody = [owner, admin, member];
	expect(rolesFor(owner, member, everybody)).toHaveLength(4);
	expect(rolesFor(owner, admin, everybody)).toHaveLength(4);
	expect(rolesFor(admin, member, everybody)).toEqual(['member', 'guest']);
	expect(rolesFor(admin, owner, everybody)).toEqual([]);
	expect(rolesFor(admin, person('admin'), everybody)).toEqual([]);
	expect(rolesFor(member, member, everybody)).toEqual([]);
});

test('the last owner stays one', () => {
	const owner = person('owner');
	expect(rolesFor(owner, owner, [owner, person('owner', 'disabled')])).toEqual([]);
	expect(rolesFor(owner, owner, [owner, person('owner')])).toHaveLength(4);
});
