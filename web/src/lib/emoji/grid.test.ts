import { expect, test } from 'vitest';
import { layout, rowOf, step } from './grid';

// Three in a row:  0 1 2 | 3    4 5    6 7 8 | 9 10
const grid = layout([4, 2, 5], { columns: 3, rowHeight: 10, headingHeight: 5 });

test('rows stand below the heading of their section', () => {
	expect(grid.cells).toBe(11);
	expect(grid.sections.map(({ top, height, rowsBefore }) => [top, height, rowsBefore])).toEqual([
		[0, 25, 0],
		[25, 15, 2],
		[40, 25, 3]
	]);
	expect(grid.rows.map(({ first, end, top }) => [first, end, top])).toEqual([
		[0, 3, 5],
		[3, 4, 15],
		[4, 6, 30],
		[6, 9, 45],
		[9, 11, 55]
	]);
});

test('each cell is found in its row', () => {
	expect(Array.from({ length: 11 }, (_, cell) => rowOf(grid, cell))).toEqual([
		0, 0, 0, 1, 2, 2, 3, 3, 3, 4, 4
	]);
});

test('arrows go from cell to cell and stop at the ends', () => {
	const from = (cell: number | null, key: string) => step(grid, cell, key, 2);
	expect(from(null, 'ArrowDown')).toBe(0);
	expect(from(null, 'ArrowUp')).toBeUndefined();
	expect(from(3, 'ArrowRight')).toBe(4);
	expect(from(4, 'ArrowLeft')).toBe(3);
	expect(from(0, 'ArrowLeft')).toBe(0);
	expect(from(10, 'ArrowRight')).toBe(10);
	expect(from(0, 'ArrowUp')).toBe(0);
	expect(from(9, 'ArrowDown')).toBe(9);
	expect(from(1, 'x')).toBeUndefined();
});

test('up and down keep the column as far as the row reaches', () => {
	expect(step(grid, 2, 'ArrowDown', 2)).toBe(3);
	expect(step(grid, 8, 'ArrowUp', 2)).toBe(5);
	expect(step(grid, 7, 'ArrowUp', 2)).toBe(5);
	expect(step(grid, 0, 'PageDown', 3)).toBe(6);
	expect(step(grid, 10, 'PageUp', 9)).toBe(1);
});

test('an empty grid leads nowhere', () => {
	expect(step(layout([0], { columns: 3, rowHeight: 1, headingHeight: 1 }), null, 'ArrowDown', 1)).toBe(
		undefined
	);
});
