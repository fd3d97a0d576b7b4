import { language } from './language.svelte';

// Unit tests find the texts there, as everything finds them in a browser.
await language.ready;
