import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';
import { roomChunks } from './room-chunks.ts';
import { emojiData } from './src/lib/emoji/vite-plugin.ts';

const server = process.env.OLHA_SERVER ?? 'http://localhost:8080';

/** The router's announcer is hidden by app.css: its own style attribute would ask for a looser content policy. */
const announcerWithoutStyle: Plugin = {
	name: 'announcer-without-style',
	enforce: 'pre',
	transform: (code, id) =>
		id.endsWith('/generated/root.svelte')
			? code.replace(/(<div id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1')
			: undefined
};

/** The entries come as they are ready, and the service worker lists its files in their order: the same source gives the same app. */
const manifestInOrder: Plugin = {
	name: 'manifest-in-order',
	writeBundle({ dir }) {
		const file = `${dir}/.vite/manifest.json`;
		if (!existsSync(file)) return;
		const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
		entries.sort(([a], [b]) => (a < b ? -1 : 1));
		writeFileSync(file, JSON.stringify(Object.fromEntries(entries), null, 2));
	}
};

const room = roomChunks('/(in)/rooms/[roomId=id]');

export default defineConfig({
	// What is inside and under which licence, for everybody who gets it.
	build: {
		license: { fileName: 'third-party.md' },
		rolldownOptions: { output: { codeSplitting: { groups: room.groups } } }
	},
	plugins: [
		room.plugin,
		announcerWithoutStyle,
		manifestInOrder,
		emojiData(),
		tailwindcss(),
		paraglideVitePlugin({
			project: './project.inlang',
			outdir: './src/lib/paraglide',
			// A module a language, so that a browser fetches only its own.
			outputStructure: 'locale-modules',
			strategy: ['globalVariable', 'baseLocale']
		}),
		sveltekit()
	],
	server: {
		fs: { allow: ['../CHANGELOG.md'] }, // shown in the settings
		// The server compares Origin with Host, so the proxy must leave Host as the browser sent it.
		proxy: { '/api': { target: server, ws: true, changeOrigin: false } }
	}
});
