import type { Attachment } from 'svelte/attachments';

/** So long a pointer rests on something before it is explained. */
const DELAY_MS = 400;
/** So soon after an explanation the next one comes at once. */
const AGAIN_MS = 300;
/** Its distances from what it explains and from the edges of the window, in px. */
const GAP = 6;
const EDGE = 8;

// One for the whole page, made when it is first wanted: hundreds of buttons have one, and one at a time is seen.
let box: HTMLElement | undefined;
let explained: Element | undefined;
let hiddenAt = -Infinity;

function show(element: Element, text: string) {
	if (!box) {
		box = document.createElement('div');
		box.popover = 'manual';
		// What it says is in the name of what it explains: heard twice, it would be noise.
		box.ariaHidden = 'true';
		box.className =
			'pointer-events-none fixed inset-auto m-0 max-w-80 rounded-small border-0 bg-ink px-2 py-1 text-tiny text-paper shadow-float select-none';
	}
	document.body.append(box);
	box.textContent = text;
	box.showPopover();
	explained = element;

	const around = element.getBoundingClientRect();
	const { width, height } = box.getBoundingClientRect();
	const above = around.top - GAP - height;
	const left = around.left + (around.width - width) / 2;
	box.style.top = `${above >= EDGE ? above : around.bottom + GAP}px`;
	box.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - EDGE - width))}px`;
	addEventListener('scroll', hide, { capture: true });
	addEventListener('keydown', escape, { capture: true });
}

function hide() {
	if (!explained) return;
	explained = undefined;
	hiddenAt = performance.now();
	box!.remove();
	removeEventListener('scroll', hide, { capture: true });
	removeEventListener('keydown', escape, { capture: true });
}

function escape({ key }: KeyboardEvent) {
	if (key === 'Escape') hide();
}

/** Says what an element is for when a pointer rests on it or the keyboard reaches it. Its accessible name must say so, too. */
export function tooltip(text: () => string): Attachment<HTMLElement> {
	return (element) => {
		let timer: ReturnType<typeof setTimeout> | undefined;

		const come = ({ pointerType }: PointerEvent) => {
			if (pointerType === 'touch') return;
			const delay = performance.now() - hiddenAt < AGAIN_MS ? 0 : DELAY_MS;
			timer = setTimeout(() => show(element, text()), delay);
		};
		const focus = () => {
			if (element.matches(':focus-visible')) show(element, text());
		};
		const leave = () => {
			clearTimeout(timer);
			if (explained === element) hide();
		};

		element.addEventListener('pointerenter', come);
		element.addEventListener('focus', focus);
		for (const end of ['pointerleave', 'pointerdown', 'blur']) element.addEventListener(end, leave);
		return () => {
			leave();
			element.removeEventListener('pointerenter', come);
			element.removeEventListener('focus', focus);
			for (const end of ['pointerleave', 'pointerdown', 'blur'])
				element.removeEventListener(end, leave);
		};
	};
}
