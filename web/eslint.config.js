import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
	{
		ignores: [
			'build/',
			'.svelte-kit/',
			'src/lib/paraglide/',
			'src/lib/protocol/types.ts',
			'test-results/',
			'playwright-report/'
		]
	},
	js.configs.recommended,
	...ts.configs.recommended,
	...svelte.configs.recommended,
	prettier,
	...svelte.configs.prettier,
	{ languageOptions: { globals: { ...globals.browser, ...globals.node } } },
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: {
			parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig }
		}
	},
	{
		rules: {
			// What people write is text; nothing is ever put into the page as markup.
			'svelte/no-at-html-tags': 'error',
			// The app lives at the root of its server and nowhere else.
			'svelte/no-navigation-without-resolve': 'off',
			// Which state is watched is decided by the state classes, one field at a time.
			'svelte/prefer-svelte-reactivity': 'off',
			'no-undef': 'off',
			'max-lines': ['error', { max: 400 }]
		}
	}
);
