import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * Sees to it that axe finds nothing.
 * @param within the part of the page that is looked at; all of it unless it is told
 */
export async function isSound({ page }: { page: Page }, within?: string) {
	// Our pages have no frames: nothing is put together on a page of its own. What is in order needs no description.
	const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
	const { violations } = await (within ? axe.include(within) : axe).analyze();
	const told = violations.flatMap(({ id, help, nodes }) =>
		nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`)
	);
	expect(told).toEqual([]);
}
