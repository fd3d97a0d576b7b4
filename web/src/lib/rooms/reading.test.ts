import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MoveMark } from '$lib/protocol';
import { RoomServer } from '$lib/testing/room-server';
import { Reading } from './reading';
import { JoinedRoom } from './room.svelte';

const ME = 1;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function reader(online = true) {
	const server = new RoomServer(ME);
	for (let i = 0; i < 20; i++) server.post(2);
	const room = new JoinedRoom(server.place(), {
		me: ME,
		changed: () => {},
		purged: () => {},
		loaded: () => {},
		unheld: () => {}
	});
	const said: MoveMark[] = [];
	const wire = { online };
	const reading = new Reading(
		() => room,
		(frame) => wire.online && said.push(frame) > 0
	);
	const marks = () => said.map(({ mark, replaces }) => [mark, replaces]);
	return { server, room, reading, wire, marks };
}

test('what was seen within a moment is one mark, and it names the mark it replaces', () => {
	const { reading, marks } = reader();
	for (const seq of [3, 9, 5]) reading.saw(1, seq);
	vi.runAllTimers();

	expect(marks()).toEqual([[9, 0]]);
});

test('one mark is on its way at a time', () => {
	const { server, room, reading, marks } = reader();
	reading.saw(1, 5);
	vi.runAllTimers();
	reading.saw(1, 8);
	vi.runAllTimers();
	expect(marks()).toEqual([[5, 0]]);

	room.takePlace(server.read(5));
	reading.moved(1);
	expect(marks()).toEqual([
		[5, 0],
		[8, 5]
	]);
});

test('a mark never goes back', () => {
	const { server, room, reading, marks } = reader();
	room.takePlace(server.read(10));
	reading.saw(1, 7);
	vi.runAllTimers();

	expect(marks()).toEqual([]);
});

test('what was seen while there was no connection is said after it', () => {
	const { reading, wire, marks } = reader(false);
	reading.saw(1, 6);
	vi.runAllTimers();
	wire.online = true;
	reading.flush();

	expect(marks()).toEqual([[6, 0]]);
});

test('a stale mark is given up: the person looks again, or does not', () => {
	const { server, room, reading, marks } = reader();
	reading.saw(1, 6);
	vi.runAllTimers();
	room.takePlace(server.read(2));
	reading.refused(1, false);
	vi.runAllTimers();
	expect(marks()).toEqual([[6, 0]]);

	reading.saw(1, 7);
	vi.runAllTimers();
	expect(marks()).toEqual([
		[6, 0],
		[7, 2]
	]);
});

test('how far somebody has read is known before the mark has moved', () => {
	const { server, room, reading } = reader();
	reading.saw(1, 7);
	expect(reading.reach(1)).toBe(7);
	vi.runAllTimers();
	expect(reading.reach(1)).toBe(7);
	room.takePlace(server.read(9));
	reading.moved(1);
	expect(reading.reach(1)).toBe(9);
});
