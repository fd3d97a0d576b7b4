import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { playMany } from '$lib/testing/model/model';

// The longer form: OLHA_MODEL_RUNS=20000 OLHA_MODEL_SEED=7 npx vitest run src/lib/chat/chat.model.test.ts
const RUNS = Number(process.env.OLHA_MODEL_RUNS ?? 300);
const SEED = Number(process.env.OLHA_MODEL_SEED ?? 20260101);

test(
	'a client agrees with the server after whatever happened to it and to the wire',
	async () => {
		expect(await playMany(RUNS, SEED)).toBe(RUNS);
	},
	RUNS * 2_000
);
