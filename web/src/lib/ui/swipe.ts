import type { Attachment } from 'svelte/attachments';
import { LONG_MS, STILL } from '$lib/messages/press';

/** So far a finger goes, in px, until letting go means it. */
export const FAR = 56;

/** As much farther to the side than up or down it must begin to move: otherwise it scrolls. */
const SLANT = 1.5;

export interface Swipe {
	towards: 'left' | 'right';
	/** Whether it may begin with this. */
	begins: (event: PointerEvent) => boolean;
	/** How far the finger has gone that way, in px; 0: it is over. */
	moved: (distance: number) => void;
	/** The finger went {@link FAR} enough and let go. */
	done: () => void;
}

/**
 * Tells of a finger that goes to one side. The element, and what scrolls in it, leaves that way to us:
 * `touch-action: pan-y`. Whatever scrolls to the sides keeps it, and what is selected stays.
 */
export function swiped({ towards, begins, moved, done }: Swipe): Attachment<HTMLElement> {
	return (element) => {
		let from: PointerEvent | null = null;
		let goes = false;
		let distance = 0;

		const end = () => {
			if (goes) moved(0);
			from = null;
			goes = false;
			distance = 0;
		};
		const down = (event: PointerEvent) => {
			end();
			// A second finger zooms.
			if (event.pointerType !== 'touch' || !event.isPrimary || !begins(event)) return;
			if (getSelection()?.isCollapsed === false || scrollsAside(event.target as Element, element))
				return;
			from = event;
		};
		const move = (event: PointerEvent) => {
			if (event.pointerId !== from?.pointerId) return;
			const [x, y] = [event.clientX - from.clientX, event.clientY - from.clientY];
			const aside = towards === 'left' ? -x : x;
			if (!goes) {
				if (Math.hypot(x, y) <= STILL) return;
				// Also one that has rested so long that it was a press.
				if (aside < SLANT * Math.abs(y) || event.timeStamp - from.timeStamp >= LONG_MS) return end();
				goes = true;
			}
			distance = Math.max(0, aside - STILL);
			moved(distance);
		};
		const up = (event: PointerEvent) => {
			if (event.pointerId !== from?.pointerId) return;
			const far = goes && distance >= FAR;
			end();
			if (far) done();
		};
		const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: end };

		for (const [name, listener] of Object.entries(listeners))
			element.addEventListener(name, listener as (event: Event) => void);
		return () => {
			end();
			for (const [name, listener] of Object.entries(listeners))
				element.removeEventListener(name, listener as (event: Event) => void);
		};
	};
}

/** Whether something between an element and what is around it scrolls to the sides, or is written in. */
function scrollsAside(target: Element | null, around: Element): boolean {
	for (let one = target; one && one !== around; one = one.parentElement) {
		if (one.matches('input, textarea')) return true;
		if (one.scrollWidth > one.clientWidth && /auto|scroll/.test(getComputedStyle(one).overflowX))
			return true;
	}
	return false;
}
