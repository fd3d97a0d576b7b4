import { tilePicture } from './picture';

export interface Notice {
	title: string;
	body: string;
	/** One is shown at a time of those with the same tag. */
	tag: string;
	/** The tile beside it, such as `person:12`. */
	tile: string;
	tint?: string;
	clicked: () => void;
	closed: () => void;
}

/** @returns how to take it back; null when the browser does not show it */
export function show({ title, body, tag, tile, tint, clicked, closed }: Notice): (() => void) | null {
	const options: NotificationOptions & { renotify: boolean } = {
		body,
		tag,
		icon: tilePicture(tile, tint),
		// The sound is ours, and the person's choice.
		silent: true,
		// Another message in the room is news again, although it takes the place of the last one.
		renotify: true
	};
	try {
		const notification = new Notification(title, options);
		notification.onclick = () => {
			window.focus();
			clicked();
			notification.close();
		};
		notification.onclose = closed;
		return () => notification.close();
	} catch {
		// Chrome for Android has the constructor and refuses it.
		return null;
	}
}
