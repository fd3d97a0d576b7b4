import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkify } from './linkify';

const links = (text: string) =>
	linkify(text)
		.filter(({ href }) => href)
		.map(({ text, href }) => [text, href]);

describe('linkify', () => {
	test('finds addresses of pages and of mail', () => {
		expect(links('see https://olha.example/a?b=1#c and HTTP://X.ORG')).toEqual([
			['https://olha.example/a?b=1#c', 'https://olha.example/a?b=1#c'],
			['HTTP://X.ORG', 'http://x.org/']
		]);
		expect(links('write to ana@olha.example or mailto:bruno@olha.example')).toEqual([
			['ana@olha.example', 'mailto:ana@olha.example'],
			['mailto:bruno@olha.example', 'mailto:bruno@olha.example']
		]);
	});

	test("leaves the sentence's punctuation to the sentence", () => {
		expect(
			links('Go to https://x.org/a, then (https://x.org/b) or https://x.org/c_(d).').map(
				([text]) => text
			)
		).toEqual(['https://x.org/a', 'https://x.org/b', 'https://x.org/c_(d)']);
	});

	test('makes nothing else a link', () => {
		for (const text of [
			'javascript:alert(1)',
			'data:text/html,x',
			'https://',
			'a@b',
			'ftp://x.org',
			'file:///etc/passwd'
		]) {
			expect(links(text)).toEqual([]);
		}
	});

	test('loses nothing of any text, and links only to http, https and mailto', () => {
		const piece = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.constantFrom('https://', 'x.org', '(', ')', '@', '.', 'mailto:', ' ')
		);
		fc.assert(
			fc.property(fc.array(piece), (parts) => {
				const text = parts.join('');
				const pieces = linkify(text);
				expect(pieces.map((one) => one.text).join('')).toBe(text);
				for (const { href } of pieces) if (href) expect(href).toMatch(/^(https?:\/\/|mailto:)/);
			})
		);
	}, 30_000);
});
