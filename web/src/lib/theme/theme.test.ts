import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8');

/** The tokens of one block, over those of the blocks that it builds on. */
function tokens(...selectors: string[]): Map<string, string> {
	const found = new Map<string, string>();
	for (const selector of selectors) {
		const block = css.slice(css.indexOf(`${selector} {`)).match(/\{([^}]*)\}/)![1]!;
		for (const [, name, value] of block.matchAll(/--([\w-]+):\s*([^;]+);/g)) found.set(name!, value!);
	}
	return found;
}

const LIGHT = ':root';
const DARK = ":root[data-theme='dark']";
const MORE = ":root[data-contrast='more']";
const themes = {
	light: tokens(LIGHT),
	dark: tokens(LIGHT, DARK),
	'light, more contrast': tokens(LIGHT, MORE),
	'dark, more contrast': tokens(LIGHT, DARK, MORE, `${DARK}[data-contrast='more']`)
};

/** Relative luminance (WCAG 2) of an OKLCH colour, brought into sRGB by clipping as browsers do. */
function luminance([l, c, h]: number[]): number {
	const [a, b] = [c! * Math.cos((h! * Math.PI) / 180), c! * Math.sin((h! * Math.PI) / 180)];
	const [L, M, S] = [
		(l! + 0.3963377774 * a + 0.2158037573 * b) ** 3,
		(l! - 0.1055613458 * a - 0.0638541728 * b) ** 3,
		(l! - 0.0894841775 * a - 1.291485548 * b) ** 3
	];
	const clip = (value: number) => Math.min(1, Math.max(0, value));
	return (
		0.2126 * clip(4.0767416621 * L - 3.3077115913 * M + 0.2309699292 * S) +
		0.7152 * clip(-1.2684380046 * L + 2.6097574011 * M - 0.3413193965 * S) +
		0.0722 * clip(-0.0041960863 * L - 0.7034186147 * M + 1.707614701 * S)
	);
}

function contrast(one: number[], other: number[]): number {
	const [a, b] = [luminance(one), luminance(other)];
	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

describe.each(Object.entries(themes))('%s', (_, theme) => {
	const colour = (role: string) =>
		theme
			.get(role)!
			.match(/[\d.]+/g)!
			.map(Number);
	const grounds = ['paper', 'surface', 'raised'];

	const code = ['code-keyword', 'code-string', 'code-number', 'code-name'];

	test.each(['ink', 'ink-soft', 'ink-faint', 'accent', 'good', 'warn', 'bad', ...code])(
		'%s reads on every ground',
		(role) => {
			for (const ground of grounds)
				expect(contrast(colour(role), colour(ground))).toBeGreaterThanOrEqual(4.5);
		}
	);

	test('what stands on a colour reads on it', () => {
		expect(contrast(colour('accent-ink'), colour('accent'))).toBeGreaterThanOrEqual(4.5);
		expect(contrast(colour('mention-ink'), colour('mention'))).toBeGreaterThanOrEqual(4.5);
		for (const role of ['ink', 'ink-soft', 'accent']) {
			expect(contrast(colour(role), colour('accent-soft'))).toBeGreaterThanOrEqual(4.5);
		}
	});

	test("controls' edges are seen", () => {
		for (const ground of grounds)
			expect(contrast(colour('control'), colour(ground))).toBeGreaterThanOrEqual(3);
	});

	test('a name reads in every colour that a person can have', () => {
		const lightness = Number(theme.get('person-l'));
		const chroma = Number(theme.get('person-c'));
		for (let hue = 0; hue < 360; hue += 5) {
			for (const c of [0, chroma / 2, chroma]) {
				for (const ground of grounds) {
					expect(contrast([lightness, c, hue], colour(ground))).toBeGreaterThanOrEqual(4.5);
				}
			}
		}
	});
});
