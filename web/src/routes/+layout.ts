import { language } from '$lib/i18n/language.svelte';

export const ssr = false;

/** Nothing is shown before it can be said. */
export const load = () => language.ready;
