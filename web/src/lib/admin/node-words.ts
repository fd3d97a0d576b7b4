import { m } from '$lib/i18n/messages';
import type { NodeHow } from './nodes.svelte';

/** How a node is, in a word or two. */
export function nodeWords(how: NodeHow): string {
	switch (how) {
		case 'ready':
			return m.node_ready();
		case 'degraded':
			return m.node_degraded();
		case 'starting':
			return m.node_starting();
		case 'stopping':
			return m.node_stopping();
		case 'unavailable':
			return m.node_unavailable();
		case 'silent':
			return m.node_silent();
		case 'unheard':
			return m.node_unheard();
		case 'gone':
			return m.node_gone();
	}
}
