import adapter from '@sveltejs/adapter-static';
import { readFileSync, writeFileSync } from 'node:fs';

/** Which file has each language's texts, told to static/first-paint.js: it has the right one fetched beside the program. */
function withCatalogues(/** @type {import('@sveltejs/kit').Adapter} */ base) {
	return {
		name: base.name,
		adapt(/** @type {import('@sveltejs/kit').Builder} */ builder) {
			const generateFallback = async (/** @type {string} */ page) => {
				await builder.generateFallback(page);
				const manifest = JSON.parse(
					readFileSync(`${builder.getClientDirectory()}/.vite/manifest.json`, 'utf8')
				);
				const files = Object.entries(manifest)
					.map(([source, { file }]) => [
						/paraglide\/messages\/([\w-]+)\.js$/.exec(source)?.[1],
						file
					])
					.filter(([locale]) => locale && locale !== '_index');
				const attribute = JSON.stringify(Object.fromEntries(files)).replaceAll('"', '&quot;');
				writeFileSync(
					page,
					readFileSync(page, 'utf8').replace('<html ', `<html data-catalogues="${attribute}" `)
				);
			};
			return base.adapt({ ...builder, generateFallback });
		}
	};
}

/** @type {import('@sveltejs/kit').Config} */
const config = {
	kit: {
		// One page for every address: the server answers any path that is no file and no API with it.
		adapter: withCatalogues(adapter({ fallback: 'index.html', precompress: true })),
		// The server's policy allows the one inline boot script by its hash; a nonce could not be static.
		output: { bundleStrategy: 'split' },
		version: { pollInterval: 0 }
	},
	compilerOptions: { runes: true }
};

export default config;
