import { expect, test } from 'vitest';
import { HALF_MS, used, type Use } from './recent';

const signs = (uses: readonly Use[]) => uses.map(({ sign }) => sign);
const after = (...steps: [sign: string, at: number][]) =>
	steps.reduce<Use[]>((uses, [sign, at]) => used(uses, sign, at), []);

test('what was used often comes before what was used last', () => {
	expect(signs(after(['👍', 0], ['👍', 1], ['🎉', 2]))).toEqual(['👍', '🎉']);
	expect(signs(after(['👍', 0], ['🎉', 1]))).toEqual(['🎉', '👍']);
});

test('what was used long ago falls behind', () => {
	const uses = after(['👍', 0], ['👍', 0], ['👍', 0], ['🎉', 3 * HALF_MS]);
	expect(signs(uses)).toEqual(['🎉', '👍']);
});

test('only so many are remembered', () => {
	const many = Array.from({ length: 100 }, (_, at) => [String(at), at] as [string, number]);
	expect(after(...many)).toHaveLength(40);
	expect(after(...many)[0]?.sign).toBe('99');
});
