import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Apart from vite.config.ts: the translation compiler keeps a watcher open that vitest would wait for.
export default defineConfig({
	plugins: [svelte()],
	resolve: {
		conditions: ['browser'],
		alias: {
			$lib: fileURLToPath(new URL('./src/lib', import.meta.url)),
			'$app/environment': fileURLToPath(
				new URL('./src/lib/testing/app-environment.ts', import.meta.url)
			)
		}
	},
	test: {
		include: ['src/**/*.test.ts'],
		environment: 'node',
		setupFiles: './src/lib/i18n/ready.ts',
		// Thousands of made-up cases take their time on a machine that is doing other things.
		testTimeout: 60_000
	}
});
