import type { Root } from 'hast';
import type { createLowlight } from 'lowlight';

/** Longer code stays plain. */
const LONGEST = 20_000;

/** Colours code. What knows the languages is loaded when the first code with a named language is shown. */
class Highlighter {
	#lowlight: ReturnType<typeof createLowlight> | null = $state.raw(null);
	#loading: Promise<void> | null = null;

	/** The code in coloured parts; null: it is shown plain. */
	colour(language: string | undefined, text: string): Root | null {
		const name = language?.toLowerCase();
		if (!name || text.length > LONGEST || !this.#lowlight?.registered(name)) return null;
		return this.#lowlight.highlight(name, text);
	}

	load(): Promise<void> {
		return (this.#loading ??= import('lowlight').then(
			({ common, createLowlight }) => void (this.#lowlight = createLowlight(common)),
			// The code stays plain; the next one asks again.
			() => void (this.#loading = null)
		));
	}
}

export const highlighter = new Highlighter();
