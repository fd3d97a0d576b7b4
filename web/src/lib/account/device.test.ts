import { describe, expect, test } from 'vitest';
import { deviceOf } from './device';

describe('a device is called by', () => {
	test.each([
		['Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0', 'Firefox', 'Linux', false],
		[
			'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
			'Edge',
			'Windows',
			false
		],
		[
			'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
			'Chrome',
			'Android',
			true
		],
		[
			'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
			'Safari',
			'iPhone',
			true
		],
		[
			'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
			'Safari',
			'macOS',
			false
		],
		['curl/8.5.0', undefined, undefined, false],
		['', undefined, undefined, false]
	])('its browser and system: %s', (userAgent, browser, system, mobile) => {
		expect(deviceOf(userAgent)).toEqual({ browser, system, mobile });
	});
});
