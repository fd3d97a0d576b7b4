import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { agrees } from '$lib/testing/model/agree';
import { inWorld } from '$lib/testing/model/model';
import type { ModelServer } from '$lib/testing/model/server';
import { ANA } from '$lib/testing/model/world';

test.each<[string, (server: ModelServer) => void]>([
	['a room', (server) => void server.post(ANA, 1, 'said after the copy')],
	['the people', (server) => server.rename(ANA, 'Ana after the copy')],
	['the person’s place', (server) => server.read(1, 1, 0)]
])('begins afresh when the server takes back what it said of %s, under the same epoch', (_, change) =>
	inWorld(async (run) => {
		run.openTab().look(1);
		run.server.post(ANA, 1, 'said before the copy');
		await run.heal();
		run.server.copy();
		change(run.server);
		await run.heal();
		agrees(run);
		const before = run.server.world;

		run.server.goBack(false);
		await run.heal();

		expect(run.server.world.epoch).toBe(before.epoch);
		agrees(run);
	})
);
