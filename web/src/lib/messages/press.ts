import type { Attachment } from 'svelte/attachments';

/** So long a finger rests on one place before that is a press. */
export const LONG_MS = 450;

/** Farther than this it moves: it scrolls. In px. */
export const STILL = 10;

/** Tells of a finger that rests on an element; what the browser would do besides is left out. */
export function pressed(tell: (x: number, y: number) => void): Attachment<HTMLElement> {
	return (element) => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		let from = { x: 0, y: 0 };
		let told = false;

		const stop = () => clearTimeout(timer);
		const down = (event: PointerEvent) => {
			told = false;
			if (event.pointerType !== 'touch' || !event.isPrimary) return;
			from = { x: event.clientX, y: event.clientY };
			timer = setTimeout(() => {
				told = true;
				tell(from.x, from.y);
			}, LONG_MS);
		};
		const move = (event: PointerEvent) => {
			if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL) stop();
		};
		// The finger goes up over what has just opened: that is no choice.
		const click = (event: MouseEvent) => {
			if (!told) return;
			event.preventDefault();
			event.stopPropagation();
			told = false;
		};

		element.addEventListener('pointerdown', down);
		element.addEventListener('pointermove', move);
		element.addEventListener('click', click, true);
		for (const end of ['pointerup', 'pointercancel', 'pointerleave']) element.addEventListener(end, stop);
		return () => {
			stop();
			element.removeEventListener('pointerdown', down);
			element.removeEventListener('pointermove', move);
			element.removeEventListener('click', click, true);
			for (const end of ['pointerup', 'pointercancel', 'pointerleave'])
				element.removeEventListener(end, stop);
		};
	};
}
