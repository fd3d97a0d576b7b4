/** In px: what browsers scale down well. */
const SIZE = 64;

export type Dot = 'none' | 'unread' | 'mention';

/** The mark on the tab's icon: a dot for what is unread, a marigold one for what means the person. */
export class Favicon {
	#link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
	#plain = { href: this.#link?.href ?? '', type: this.#link?.type ?? '' };
	#wanted: Dot = 'none';

	async show(dot: Dot) {
		if (!this.#link || dot === this.#wanted) return;
		this.#wanted = dot;
		const drawn = dot === 'none' ? null : await this.#draw(dot).catch(() => null);
		if (dot !== this.#wanted) return;
		this.#link.type = drawn === null ? this.#plain.type : 'image/png';
		this.#link.href = drawn ?? this.#plain.href;
	}

	async #draw(dot: Dot): Promise<string> {
		const tile = new Image();
		tile.src = this.#plain.href;
		await tile.decode();
		const canvas = document.createElement('canvas');
		canvas.width = canvas.height = SIZE;
		const paint = canvas.getContext('2d')!;
		paint.drawImage(tile, 0, 0, SIZE, SIZE);
		const tokens = getComputedStyle(document.documentElement);
		const disc = (radius: number, role: string) => {
			paint.fillStyle = tokens.getPropertyValue(role);
			paint.beginPath();
			paint.arc(SIZE * 0.68, SIZE * 0.68, radius, 0, 2 * Math.PI);
			paint.fill();
		};
		// The tile is blue: in blue the dot would be one more of its shapes.
		disc(SIZE * 0.32, '--paper');
		disc(SIZE * 0.25, dot === 'mention' ? '--mention' : '--ink');
		return canvas.toDataURL();
	}
}

/** The number on the installed app's icon, where there is such a thing. */
export function badgeApp(count: number) {
	const done = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
	// A browser that has it may still not do it.
	done?.catch(() => {});
}
