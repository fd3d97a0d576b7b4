import { expect, test } from 'vitest';
import { hueOf, tileOf } from './tile';

const names = Array.from({ length: 300 }, (_, index) => `person:${index + 1}`);

test('a tile is the same for the same name, for ever', () => {
	expect(tileOf('person:12')).toEqual(tileOf('person:12'));
	// Changing how tiles are made changes everybody's mark.
	expect(JSON.stringify(names.slice(0, 3).map(tileOf))).toMatchInlineSnapshot(
		`"[{"deep":"M0 0H11L0 11ZM14 0L24 10V0ZM0 14L10 24H0Z","main":"M12 7A5 5 0 0 1 17 12A5 5 0 0 1 12 17A5 5 0 0 1 7 12A5 5 0 0 1 12 7ZM24 24V15H15V24Z","spark":"M24 0H20A4 4 0 0 0 24 4ZM0 24V20A4 4 0 0 1 4 24Z","inverted":true},{"deep":"M0 4H0V10A10 10 0 0 0 10 0H4A4 4 0 0 1 0 4ZM10 0H24V4.5H14.5ZM0 10V24H4.5V14.5Z","main":"M6 6Q19 6 19 19Q6 19 6 6ZM24 24V15H15V24Z","spark":"M0 0H4.5L0 4.5Z","inverted":true},{"deep":"M0 0H12Q4 4 0 12Z","main":"M24 24V8Q21 21 8 24ZM7 12Q12 12 12 7Q12 12 17 12Q12 12 12 17Q12 12 7 12ZM4 4L16 10L20 20L10 16ZM14 0L24 10V0ZM0 14L10 24H0Z","spark":"M12 9.5L14.5 12L12 14.5L9.5 12Z","inverted":false}]"`
	);
});

test('neighbours look different', () => {
	const distinct = new Set(names.map((name) => JSON.stringify(tileOf(name))));
	expect(distinct.size).toBeGreaterThan(270);
	for (let id = 1; id < 100; id++) {
		const apart = Math.abs(hueOf(id) - hueOf(id + 1)) % 360;
		expect(Math.min(apart, 360 - apart)).toBeGreaterThan(90);
	}
});

test('every part of a quarter is its own mirror image across the diagonal', () => {
	for (const name of names) {
		const { main, deep, spark } = tileOf(name);
		for (const path of [main, deep, spark]) {
			const points = corners(path);
			expect(points.map(([x, y]) => `${y},${x}`).sort()).toEqual(
				points.map(([x, y]) => `${x},${y}`).sort()
			);
		}
	}
});

/** Where a path's lines and curves begin and end, and where its curves are drawn to. */
function corners(path: string): [number, number][] {
	const points = new Map<string, [number, number]>();
	let [x, y] = [0, 0];
	for (const [, letter, rest] of path.matchAll(/([MLHVAQZ])([^MLHVAQZ]*)/g)) {
		const numbers = (rest!.match(/-?[\d.]+/g) ?? []).map(Number);
		if (letter === 'H') x = numbers[0]!;
		else if (letter === 'V') y = numbers[0]!;
		else if (letter === 'A') [x, y] = [numbers[5]!, numbers[6]!];
		else if (letter !== 'Z')
			for (let i = 0; i < numbers.length; i += 2) {
				[x, y] = [numbers[i]!, numbers[i + 1]!];
				points.set(`${x},${y}`, [x, y]);
			}
		points.set(`${x},${y}`, [x, y]);
	}
	return [...points.values()];
}
