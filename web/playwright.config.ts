import { defineConfig, devices } from '@playwright/test';

const inCi = !!process.env.CI;

/** End-to-end tests: the program as it is shipped, in Debian's Chromium without its windows. `tests/e2e/support` starts both. */
export default defineConfig({
	testDir: '../tests/e2e',
	outputDir: 'test-results',
	fullyParallel: true,
	forbidOnly: inCi,
	// A test that fails sometimes is a failing test.
	retries: 0,
	workers: 2,
	timeout: 60_000,
	// Long enough for a machine that is doing other things; what is awaited comes much sooner.
	expect: { timeout: 15_000 },
	reporter: inCi ? 'list' : [['list'], ['html', { open: 'never' }]],
	use: {
		...devices['Desktop Chrome'],
		locale: 'en-GB',
		viewport: { width: 1280, height: 800 },
		contextOptions: { reducedMotion: 'reduce' },
		// A service worker keeps the whole app for every page that is opened, a fifth of all work; where one matters it is allowed.
		serviceWorkers: 'block',
		// Recording each test for the few that fail costs a quarter of all work; `--trace on` for the one that failed.
		trace: 'off',
		screenshot: 'only-on-failure',
		launchOptions: {
			executablePath: process.env.OLHA_TEST_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync',
				// A page that a test makes up counts as one from the internet.
				'--disable-features=LocalNetworkAccessChecks'
			]
		}
	},
	projects: [{ name: 'chromium' }]
});
