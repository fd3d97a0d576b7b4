import { createContext } from 'svelte';
import { recall, remember } from '$lib/ui/memory';

export type ThemeChoice = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

// The names are known to static/first-paint.js, too.
const THEME = 'olha.theme';
const CONTRAST = 'olha.contrast';
const DENSITY = 'olha.density';

/** How things look on this device. */
export class Theme {
	#choice: ThemeChoice = $state('system');
	#moreContrast = $state(false);
	#density: Density = $state('comfortable');
	#systemDark: MediaQueryList;
	#systemContrast: MediaQueryList;

	constructor() {
		this.#systemDark = matchMedia('(prefers-color-scheme: dark)');
		this.#systemContrast = matchMedia('(prefers-contrast: more)');
		const choice = recall(THEME);
		if (choice === 'light' || choice === 'dark') this.#choice = choice;
		this.#moreContrast = recall(CONTRAST) === 'more';
		if (recall(DENSITY) === 'compact') this.#density = 'compact';
		this.#systemDark.addEventListener('change', () => this.#show());
		this.#systemContrast.addEventListener('change', () => this.#show());
		this.#show();
	}

	get choice() {
		return this.#choice;
	}

	set choice(choice: ThemeChoice) {
		this.#choice = choice;
		remember(THEME, choice === 'system' ? null : choice);
		this.#show();
	}

	get moreContrast() {
		return this.#moreContrast;
	}

	set moreContrast(more: boolean) {
		this.#moreContrast = more;
		remember(CONTRAST, more ? 'more' : null);
		this.#show();
	}

	get density() {
		return this.#density;
	}

	set density(density: Density) {
		this.#density = density;
		remember(DENSITY, density === 'compact' ? density : null);
		this.#show();
	}

	#show() {
		const { dataset } = document.documentElement;
		const dark = this.#choice === 'dark' || (this.#choice === 'system' && this.#systemDark.matches);
		dataset.theme = dark ? 'dark' : 'light';
		dataset.density = this.#density;
		if (this.#moreContrast || this.#systemContrast.matches) dataset.contrast = 'more';
		else delete dataset.contrast;
		document
			.querySelector('meta[name="theme-color"]')
			?.setAttribute(
				'content',
				getComputedStyle(document.documentElement).getPropertyValue('--surface')
			);
	}
}

export const [getTheme, setTheme] = createContext<Theme>();
