import { baseLocale, locales, overwriteGetLocale } from '$lib/paraglide/runtime';
import { recall, remember } from '$lib/ui/memory';

export type Locale = (typeof locales)[number];

/** The languages by the name that their speakers give them. */
export const LANGUAGES: Record<Locale, string> = {
	en: 'English',
	'pt-BR': 'Português (Brasil)',
	es: 'Español'
};

// The name is known to static/first-paint.js, too.
const LANGUAGE = 'olha.language';

/** The best of ours for what somebody reads: the same one, else another form of the same language. */
export function bestLocale(wanted: readonly string[]): Locale {
	for (const tag of wanted) {
		const [language] = tag.toLowerCase().split('-');
		const match =
			locales.find((locale) => locale.toLowerCase() === tag.toLowerCase()) ??
			locales.find((locale) => locale.toLowerCase().split('-')[0] === language);
		if (match) return match;
	}
	return baseLocale;
}

/** The language in which everything is said. Messages read it, so changing it changes every text in place. */
class Language {
	#locale: Locale = $state(baseLocale);

	constructor() {
		this.#locale = bestLocale([recall(LANGUAGE) ?? '', ...(globalThis.navigator?.languages ?? [])]);
		overwriteGetLocale(() => this.#locale);
		this.#show();
	}

	get locale() {
		return this.#locale;
	}

	set locale(locale: Locale) {
		this.#locale = locale;
		remember(LANGUAGE, locale);
		this.#show();
	}

	/** The language with the browser's own region where it has one: 14:05 in London, 2:05 PM in Boston. */
	get region(): string {
		const [base] = this.#locale.split('-');
		return globalThis.navigator?.languages?.find((tag) => tag.split('-')[0] === base) ?? this.#locale;
	}

	#show() {
		if (globalThis.document) document.documentElement.lang = this.#locale;
	}
}

export const language = new Language();
