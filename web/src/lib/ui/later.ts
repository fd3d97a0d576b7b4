/** Parts of the page that nobody needs for reading: fetched when there is time, and so there when they are asked for. */
export const parts = {
	messageMenu: () => import('$lib/messages/MessageMenu.svelte'),
	emojiPanel: () => import('$lib/emoji/EmojiPanel.svelte'),
	emojiPopover: () => import('$lib/emoji/EmojiPopover.svelte'),
	menu: () => import('$lib/ui/Menu.svelte'),
	datePicker: () => import('$lib/rooms/DatePicker.svelte'),
	roomPanel: () => import('$lib/rooms/RoomPanel.svelte'),
	pinsPanel: () => import('$lib/rooms/PinsPanel.svelte')
};

/** Does it when the page has nothing better to do. @returns a way to call it off */
export function whenIdle(work: () => void): () => void {
	if (!globalThis.requestIdleCallback) {
		const timer = setTimeout(work, 200);
		return () => clearTimeout(timer);
	}
	const idle = requestIdleCallback(work, { timeout: 2_000 });
	return () => cancelIdleCallback(idle);
}

/** Fetches them now, so that they open at once, also when the server is gone by then. */
export function fetchParts() {
	for (const part of Object.values(parts)) part().catch(() => {});
}
