import { recall, remember } from '$lib/ui/memory';
import type { Emoji } from './list';

/** The tones of skin by Unicode's modifiers, light to dark; none first. */
export const TONES = ['', '\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}'] as const;

const TONE = 'olha.emoji.tone';

/** Behind the first sign, and behind every further person in it. */
const SKIN = /^.\uFE0F?|[\u{1F468}\u{1F469}\u{1F9D1}]/gu;

/** The emoji with a tone of {@link TONES}; as it is when it has none. */
export function withTone({ sign, toned }: Emoji, tone: number): string {
	if (!toned || tone === 0) return sign;
	// The modifier stands in place of the sign that asks for colour.
	return sign.replace(SKIN, (person) => person.replace('\uFE0F', '') + TONES[tone]);
}

/** The tone in which everything that has skin is shown and picked. */
class Tone {
	#tone = $state(0);

	constructor() {
		const kept = Number(recall(TONE));
		if (kept in TONES) this.#tone = kept;
	}

	get current() {
		return this.#tone;
	}

	set current(tone: number) {
		this.#tone = tone;
		remember(TONE, tone === 0 ? null : String(tone));
	}
}

export const tone = new Tone();
