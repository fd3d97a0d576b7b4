import { hueOf, tileOf } from '$lib/tiles/tile';

/** In px: what desktops show at their densest. */
const SIZE = 192;

/** A tile as a picture outside of the page, where there are no components; undefined where nothing can be drawn. */
export function tilePicture(name: string, tint?: string): string | undefined {
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = SIZE;
	const paint = canvas.getContext('2d');
	if (!paint) return undefined;

	const tile = tileOf(name);
	const glaze = tint ?? `oklch(0.55 0.12 ${hueOf(Number(name.split(':')[1] ?? 0))})`;
	const tokens = getComputedStyle(document.documentElement);
	const token = (role: string) => tokens.getPropertyValue(`--tile-${role}`).trim();
	// As in Tile.svelte.
	const ground = `oklch(from ${glaze} ${token('ground-l')} min(c, ${token('ground-c')}) h)`;
	const main = `oklch(from ${glaze} ${token('main-l')} min(c, 0.13) h)`;
	const deep = `oklch(from ${glaze} ${token('deep-l')} min(c, 0.12) h)`;
	const spark = `oklch(from ${glaze} ${token('spark-l')} 0.11 calc(h + 165))`;

	paint.scale(SIZE / 48, SIZE / 48);
	paint.translate(24, 24);
	paint.fillStyle = tile.inverted ? main : ground;
	paint.fillRect(-24, -24, 48, 48);
	for (let quarter = 0; quarter < 4; quarter++) {
		for (const [path, colour] of [
			[tile.main, tile.inverted ? ground : main],
			[tile.deep, deep],
			[tile.spark, spark]
		] as const) {
			paint.fillStyle = colour;
			paint.fill(new Path2D(path));
		}
		paint.rotate(Math.PI / 2);
	}
	return canvas.toDataURL();
}
