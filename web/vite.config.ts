import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const server = process.env.OLHA_SERVER ?? 'http://localhost:8080';

export default defineConfig({
	plugins: [
		tailwindcss(),
		paraglideVitePlugin({
			project: './project.inlang',
			outdir: './src/lib/paraglide',
			strategy: ['globalVariable', 'baseLocale']
		}),
		sveltekit()
	],
	server: {
		// The server compares Origin with Host, so the proxy must leave Host as the browser sent it.
		proxy: { '/api': { target: server, ws: true, changeOrigin: false } }
	}
});
