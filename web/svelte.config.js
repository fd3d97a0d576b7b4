import adapter from '@sveltejs/adapter-static';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** Named by what it is made of: the same source gives the same app, where kit would write down the time. */
function version() {
	const from = import.meta.dirname;
	const within = (/** @type {string} */ folder) =>
		readdirSync(join(from, folder), { recursive: true }).map((name) => `${folder}/${name}`);
	const settings = readdirSync(from).filter((name) => /\.(js|json|ts)$/.test(name));
	const hash = createHash('sha256');
	for (const file of [...within('src'), ...within('static'), ...within('messages'), ...settings].sort())
		if (!file.startsWith('src/lib/paraglide/') && statSync(join(from, file)).isFile())
			hash.update(`${file}\0`).update(readFileSync(join(from, file)));
	return hash.digest('hex').slice(0, 16);
}

/** @type {import('@sveltejs/kit').Config} */
const config = {
	kit: {
		// One page for every address: the server answers any path that is no file and no API with it.
		adapter: withCatalogues(adapter({ fallback: 'index.html', precompress: true })),
		// The server's policy allows the one inline boot script by its hash; a nonce could not be static.
		output: { bundleStrategy: 'split' },
		version: { name: version(), pollInterval: 0 }
	},
	compilerOptions: { runes: true }
};

export default config;
