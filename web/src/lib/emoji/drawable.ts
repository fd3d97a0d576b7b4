/** A coloured face of each version of Unicode's emoji: who draws it draws the others of that version. */
const SAMPLES: readonly (readonly [version: number, sign: string])[] = [
	[12, '🥱'],
	[12.1, '🧑‍🦰'],
	[13, '🥲'],
	[13.1, '😶‍🌫️'],
	[14, '🫠'],
	[15, '🫨'],
	[15.1, '🙂‍↔️'],
	[16, '🫩'],
	[17, '🫪']
];

const OLD = '😀';
const SIZE = 20;

/** As `--font-emoji` in app.css. */
const FONT = "'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', sans-serif";

let newest: number | undefined;

/** The newest version that this system draws; all, when it does not let us see. Looked at once. */
export function newestDrawn(): number {
	return (newest ??= look());
}

function look(): number {
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = SIZE;
	const context = canvas.getContext('2d', { willReadFrequently: true });
	if (!context) return Infinity;
	context.font = `${SIZE - 4}px ${FONT}`;
	context.textBaseline = 'top';
	const single = context.measureText(OLD).width;
	// A browser that hides what was drawn shows none of them.
	if (!isColoured(context, OLD)) return Infinity;
	let drawn = 0;
	for (const [version, sign] of SAMPLES) {
		// One that is not known is drawn as an empty box, or as the several that it is made of.
		if (!isColoured(context, sign) || context.measureText(sign).width > 1.5 * single) return drawn;
		drawn = version;
	}
	return Infinity;
}

function isColoured(context: CanvasRenderingContext2D, sign: string): boolean {
	context.clearRect(0, 0, SIZE, SIZE);
	context.fillText(sign, 0, 0);
	const { data } = context.getImageData(0, 0, SIZE, SIZE);
	for (let at = 0; at < data.length; at += 4)
		if (data[at + 3]! > 0 && Math.abs(data[at]! - data[at + 2]!) > 32) return true;
	return false;
}
