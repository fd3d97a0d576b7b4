import type * as Catalogue from '$lib/paraglide/messages/en';
import { UnreachableError } from '$lib/http/request';
import { recall, remember } from '$lib/ui/memory';

export type Catalogues = typeof Catalogue;

/** The texts of each language, of which one is fetched. */
const CATALOGUES = {
	en: () => import('$lib/paraglide/messages/en'),
	'pt-BR': () => import('$lib/paraglide/messages/pt-BR'),
	es: () => import('$lib/paraglide/messages/es')
} satisfies Record<string, () => Promise<Catalogues>>;

export type Locale = keyof typeof CATALOGUES;

export const LOCALES = Object.keys(CATALOGUES) as Locale[];

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
			LOCALES.find((locale) => locale.toLowerCase() === tag.toLowerCase()) ??
			LOCALES.find((locale) => locale.toLowerCase().split('-')[0] === language);
		if (match) return match;
	}
	return 'en';
}

/** The language in which everything is said. Messages read it, so changing it changes every text in place. */
class Language {
	#locale: Locale = $state('en');
	#catalogue: Catalogues | undefined = $state.raw();
	/** Settled once there are texts: nothing is shown before. */
	readonly ready: Promise<void>;

	constructor() {
		const locale = bestLocale([recall(LANGUAGE) ?? '', ...(globalThis.navigator?.languages ?? [])]);
		this.ready = this.#change(locale);
	}

	get locale() {
		return this.#locale;
	}

	/** The texts. There are none before `ready`. */
	get catalogue(): Catalogues {
		return this.#catalogue!;
	}

	/** The language with the browser's own region where it has one: 14:05 in London, 2:05 PM in Boston. */
	get region(): string {
		const [base] = this.#locale.split('-');
		return globalThis.navigator?.languages?.find((tag) => tag.split('-')[0] === base) ?? this.#locale;
	}

	/** @throws when its texts can't be fetched; then everything stays as it is */
	async choose(locale: Locale) {
		await this.#change(locale);
		remember(LANGUAGE, locale);
	}

	async #change(locale: Locale) {
		const catalogue = await CATALOGUES[locale]().catch((cause) => {
			throw new UnreachableError(cause);
		});
		this.#locale = locale;
		this.#catalogue = catalogue;
		if (globalThis.document) document.documentElement.lang = locale;
	}
}

export const language = new Language();
