// An azulejo: a quarter drawn once and laid four times around the middle. Every quarter is its own mirror image across
// the diagonal, so the tile is as symmetrical as a square can be. The quarter's origin is the tile's middle, its far
// corner (24, 24) is the tile's corner.

/** What is painted with which of the tile's three glazes. */
export interface Tile {
	main: string;
	deep: string;
	spark: string;
	/** Light pattern on a dark ground. */
	inverted: boolean;
}

const CENTRES = [
	'M0 0H9A9 9 0 0 1 0 9Z',
	'M0 0H11L0 11Z',
	'M0 0H7.5V7.5H0Z',
	'M0 0H12Q4 4 0 12Z',
	'M0 4H0V10A10 10 0 0 0 10 0H4A4 4 0 0 1 0 4Z',
	'M0 0H11L5 5L0 11Z'
];

const CORNERS = [
	'M24 24V13A11 11 0 0 0 13 24Z',
	'M24 24V11L11 24Z',
	'M24 24V15H15V24Z',
	'M24 24V8Q21 21 8 24Z',
	'M24 12A12 12 0 0 0 12 24H17A7 7 0 0 1 24 17Z',
	'M24 24V10L18 18L10 24Z'
];

const DIAGONALS = [
	'M6 6Q19 6 19 19Q6 19 6 6Z',
	'M12 6L18 12L12 18L6 12Z',
	'M12 7A5 5 0 0 1 17 12A5 5 0 0 1 12 17A5 5 0 0 1 7 12A5 5 0 0 1 12 7Z',
	'M7 12Q12 12 12 7Q12 12 17 12Q12 12 12 17Q12 12 7 12ZM4 4L16 10L20 20L10 16Z',
	'M8 8H16V16H8Z'
];

const EDGES = [
	'M14 0L24 10V0ZM0 14L10 24H0Z',
	'M24 0H15A9 9 0 0 0 24 9ZM0 24V15A9 9 0 0 1 9 24Z',
	'M5 0Q14.5 8 24 0ZM0 5Q8 14.5 0 24Z',
	'M18 0H24V12ZM0 18V24H12Z',
	'M10 0H24V4.5H14.5ZM0 10V24H4.5V14.5Z'
];

const SPARKS = [
	'M0 0H4A4 4 0 0 1 0 4Z',
	'M0 0H4.5L0 4.5Z',
	'M24 24V19.5A4.5 4.5 0 0 0 19.5 24Z',
	'M24 0H20A4 4 0 0 0 24 4ZM0 24V20A4 4 0 0 1 4 24Z',
	'M12 9.5L14.5 12L12 14.5L9.5 12Z'
];

/** The tile that belongs to a name such as `person:12`; the same for everybody, for ever. */
export function tileOf(name: string): Tile {
	const roll = dice(name);
	const [centre, corner, diagonal, edge] = [
		pick(CENTRES, roll),
		pick(CORNERS, roll),
		pick(DIAGONALS, roll),
		pick(EDGES, roll)
	];
	// Which of the four stand out in the deeper glaze: one or two, never all.
	const [first, second] = pick(
		[
			[centre + corner, diagonal + edge],
			[centre + edge, diagonal + corner],
			[diagonal, centre + corner + edge],
			[edge, centre + corner + diagonal],
			[centre, corner + diagonal + edge],
			[corner, centre + diagonal + edge]
		],
		roll
	);
	return { deep: first!, main: second!, spark: pick(SPARKS, roll), inverted: roll(3) === 0 };
}

/** A hue for what has no colour of its own, in degrees; neighbours are far apart. */
export function hueOf(id: number): number {
	return Math.round((id * 137.508 + 112.5) % 360);
}

function pick<T>(from: readonly T[], roll: (sides: number) => number): T {
	return from[roll(from.length)]!;
}

/** Dice that fall the same way for the same name (FNV-1a, then xorshift). */
function dice(name: string): (sides: number) => number {
	let state = 0x811c9dc5;
	for (const letter of name) state = Math.imul(state ^ letter.codePointAt(0)!, 0x01000193);
	return (sides) => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return ((Math.imul(state, 0x9e3779b1) >>> 16) & 0xffff) % sides;
	};
}
