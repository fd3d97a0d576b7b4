import adapter from '@sveltejs/adapter-static';

/** @type {import('@sveltejs/kit').Config} */
const config = {
	kit: {
		// One page for every address: the server answers any path that is no file and no API with it.
		adapter: adapter({ fallback: 'index.html', precompress: true }),
		// The server's policy allows the one inline boot script by its hash; a nonce could not be static.
		output: { bundleStrategy: 'split' },
		version: { pollInterval: 0 }
	},
	compilerOptions: { runes: true }
};

export default config;
