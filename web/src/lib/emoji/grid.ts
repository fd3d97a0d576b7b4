/** A row of the grid. Cells are counted through all sections. */
export interface GridRow {
	section: number;
	first: number;
	/** Behind the last. */
	end: number;
	/** Pixels from the top of the grid's content. */
	top: number;
}

export interface GridSection {
	top: number;
	height: number;
	rows: readonly GridRow[];
	/** How many rows stand above it. */
	rowsBefore: number;
}

export interface GridLayout {
	sections: readonly GridSection[];
	rows: readonly GridRow[];
	cells: number;
}

export interface GridMeasures {
	columns: number;
	/** Pixels. */
	rowHeight: number;
	headingHeight: number;
}

/** Where everything stands, so that only what is in view need be drawn. */
export function layout(
	sizes: readonly number[],
	{ columns, rowHeight, headingHeight }: GridMeasures
): GridLayout {
	const sections: GridSection[] = [];
	const all: GridRow[] = [];
	let [top, cells] = [0, 0];
	for (const [section, size] of sizes.entries()) {
		const rows: GridRow[] = [];
		for (let first = 0; first < size; first += columns)
			rows.push({
				section,
				first: cells + first,
				end: cells + Math.min(first + columns, size),
				top: top + headingHeight + rows.length * rowHeight
			});
		const height = headingHeight + rows.length * rowHeight;
		sections.push({ top, height, rows, rowsBefore: all.length });
		all.push(...rows);
		top += height;
		cells += size;
	}
	return { sections, rows: all, cells };
}

/** The row that a cell stands in. */
export function rowOf({ rows }: GridLayout, cell: number): number {
	let [low, high] = [0, rows.length - 1];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (rows[middle]!.end <= cell) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Where a key leads from a cell, or from nowhere; undefined when it leads nowhere. */
export function step(grid: GridLayout, cell: number | null, key: string, page: number): number | undefined {
	if (grid.cells === 0) return undefined;
	if (cell === null) return key === 'ArrowDown' || key === 'ArrowRight' ? 0 : undefined;
	const at = rowOf(grid, cell);
	switch (key) {
		case 'ArrowRight':
			return Math.min(cell + 1, grid.cells - 1);
		case 'ArrowLeft':
			return Math.max(cell - 1, 0);
		case 'ArrowDown':
			return below(grid, cell, at, 1);
		case 'ArrowUp':
			return below(grid, cell, at, -1);
		case 'PageDown':
			return below(grid, cell, at, page);
		case 'PageUp':
			return below(grid, cell, at, -page);
		default:
			return undefined;
	}
}

function below({ rows }: GridLayout, cell: number, at: number, by: number): number {
	const to = Math.max(0, Math.min(at + by, rows.length - 1));
	return Math.min(rows[to]!.first + cell - rows[at]!.first, rows[to]!.end - 1);
}
