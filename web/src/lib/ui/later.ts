/** Parts of the page that nobody needs for reading: fetched when there is time, and so there when they are asked for. */
export const parts = {
	messageMenu: () => import('$lib/messages/MessageMenu.svelte'),
	emojiPopover: () => import('$lib/emoji/EmojiPopover.svelte'),
	menu: () => import('$lib/ui/Menu.svelte'),
	datePicker: () => import('$lib/rooms/DatePicker.svelte'),
	roomPanel: () => import('$lib/rooms/RoomPanel.svelte'),
	pinsPanel: () => import('$lib/rooms/PinsPanel.svelte')
};

/** Fetches them now, so that they open at once, also when the server is gone by then. */
export function fetchParts() {
	for (const part of Object.values(parts)) part().catch(() => {});
}
