import { beforeAll, expect, test } from 'vitest';
import { language, LOCALES } from '$lib/i18n/language.svelte';
import type { AuditAction, AuditEntry } from '$lib/protocol';
import { detailsOf, told } from './audit';

const NAMES = { person: (id: number) => `P${id}`, room: (id: number) => (id === 7 ? 'Jardim' : undefined) };

const entry = (action: AuditAction, rest: Partial<AuditEntry> = {}): AuditEntry => ({
	id: 1,
	at: '2026-01-01T00:00:00Z',
	actorId: 1,
	action,
	...rest
});

beforeAll(() => language.choose('en'));

test('an act is a sentence', () => {
	expect(told(entry('banned', { userId: 2 }), NAMES)).toBe('P1 banned P2.');
	expect(told(entry('moderatorMade', { userId: 2, roomId: 7 }), NAMES)).toBe(
		'P1 made P2 a moderator of Jardim.'
	);
	expect(told(entry('passwordReset', { actorId: undefined, userId: 2 }), NAMES)).toBe(
		'The program set a new password for P2.'
	);
	expect(told(entry('roomDeleted', { roomId: 8, details: { name: 'Festa' } }), NAMES)).toBe(
		'P1 deleted Festa.'
	);
	expect(told(entry('roomArchived', { roomId: 8 }), NAMES)).toBe('P1 archived a room.');
	const promoted = entry('roleChanged', { userId: 2, details: { from: 'member', to: 'admin' } });
	expect(told(promoted, NAMES)).toBe('P1 changed the role of P2 from member to administrator.');
	expect(detailsOf(promoted)).toEqual([]);
});

test('what was changed is told line by line, also what is not known here', () => {
	const details = {
		name: 'Clube',
		registration: 'invite',
		messageLength: '0',
		retentionDays: '30',
		receipts: 'on',
		future: 'x'
	};
	expect(detailsOf(entry('settingsChanged', { details }))).toEqual([
		'Name: Clube',
		'Who may join: By invitation',
		'Longest message: No limit',
		'Keep messages: For 30 days',
		'Show who has seen a message: on',
		'future: x'
	]);
	const room = { slowModeSeconds: '30', locked: 'off', retentionDays: '-1' };
	expect(detailsOf(entry('roomChanged', { details: room }))).toEqual([
		'Slow mode: 30 seconds',
		'Only moderators can write here: off',
		'Keep messages: As the server'
	]);
	expect(detailsOf(entry('sessionsEnded', { details: { count: '1' } }))).toEqual(['1 device']);
	expect(detailsOf(entry('messagesPurged', { details: { count: '12' } }))).toEqual(['12 messages']);
});

test('there is a sentence in each language', async () => {
	const sentences = new Set<string>();
	for (const locale of LOCALES) {
		await language.choose(locale);
		sentences.add(told(entry('banned', { userId: 2 }), NAMES));
	}
	expect(sentences.size).toBe(LOCALES.length);
});
