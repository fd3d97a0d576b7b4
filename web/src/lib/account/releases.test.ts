import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { releasesIn } from './releases';

const CHANGES = `# Changes

How it is written.

## [Unreleased]

## [1.2.0] - 2026-05-01

Stop all
nodes.

### Added

- Stars, and
  what they mean.
- Moons.

### Fixed

- The sun.

## [1.1.0] - 2026-04-01

### Added

- Clouds.
`;

test('a changelog is its versions, their lists and what stands before them', () => {
	expect(releasesIn(CHANGES)).toEqual([
		{
			version: '1.2.0',
			released: new Date('2026-05-01T12:00'),
			intro: 'Stop all nodes.',
			lists: [
				{ title: 'Added', items: ['Stars, and what they mean.', 'Moons.'] },
				{ title: 'Fixed', items: ['The sun.'] }
			]
		},
		{
			version: '1.1.0',
			released: new Date('2026-04-01T12:00'),
			intro: '',
			lists: [{ title: 'Added', items: ['Clouds.'] }]
		}
	]);
});

test('what is not released yet has no version, and nothing to say is no release', () => {
	const [first, ...others] = releasesIn(
		CHANGES.replace('## [Unreleased]', '## [Unreleased]\n\n### Added\n\n- Rain.')
	);

	expect(first).toMatchObject({ version: undefined, released: undefined, lists: [{ items: ['Rain.'] }] });
	expect(others).toHaveLength(2);
	expect(releasesIn('# Changes\n')).toEqual([]);
});

test('our own has something to say of each version', () => {
	const own = releasesIn(readFileSync(new URL('../../../../CHANGELOG.md', import.meta.url), 'utf8'));

	expect(own.length).toBeGreaterThan(0);
	for (const { lists } of own)
		for (const { title, items } of lists) {
			expect(title).toMatch(/^(Added|Changed|Deprecated|Removed|Fixed|Security)$/);
			expect(items).not.toHaveLength(0);
		}
});
