import { remember } from '$lib/ui/memory';

/** What the windows of one browser tell one another; nobody hears themselves. */
export interface Channel<Word> {
	say: (word: Word) => void;
	close: () => void;
}

/** Opens it; where the browser has no channels, what is written to its memory is heard in its other windows, too. */
export function openChannel<Word>(name: string, hear: (word: Word) => void): Channel<Word> {
	if (typeof BroadcastChannel === 'function') {
		const channel = new BroadcastChannel(name);
		channel.onmessage = ({ data }: MessageEvent<Word>) => hear(data);
		return { say: (word) => channel.postMessage(word), close: () => channel.close() };
	}
	const key = `olha.channel.${name}`;
	const stored = (event: StorageEvent) => {
		if (event.key === key && event.newValue !== null) hear(JSON.parse(event.newValue) as Word);
	};
	addEventListener('storage', stored);
	return {
		say: (word) => {
			remember(key, JSON.stringify(word));
			// The same word again is to be heard again.
			remember(key, null);
		},
		close: () => removeEventListener('storage', stored)
	};
}
