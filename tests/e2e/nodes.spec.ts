import { isSound } from './support/sound';
import { expect, test } from './support/cluster';

test('administrators see the nodes, what lies between them, and one that goes and comes back', async ({
	cluster,
	server,
	open
}) => {
	const { page } = await open(await server.signUp('ana'), { path: '/admin/activity' });
	const nodes = page.getByRole('list', { name: 'Nodes' });
	const [here, there] = cluster.nodes.map(({ origin }) =>
		nodes.getByRole('listitem').filter({
			has: page.getByRole('heading', { name: new RegExp(`:${new URL(origin).port}$`) })
		})
	) as [ReturnType<typeof nodes.getByRole>, ReturnType<typeof nodes.getByRole>];
	for (const node of [here, there]) {
		await expect(node).toContainText('Ready');
		await expect(node).toContainText(/Over Redis and back\s*[\d.,]+ ms/);
	}

	const links = page.getByRole('table', { name: 'Links' });
	await expect(links.getByRole('row')).toHaveCount(3);
	await expect(links.getByRole('cell', { name: / ms$/ })).toHaveCount(2);

	await cluster.restart(cluster.nodes[1], async () => {
		await expect(there).toContainText('Gone');
		await expect(page.getByRole('status').filter({ hasText: 'Gone' })).toHaveCount(1);
		await expect(here).toContainText('Ready');
		await expect(links).toHaveCount(0);
		for (const colorScheme of ['light', 'dark'] as const) {
			const width = colorScheme === 'light' ? 1280 : 360;
			await page.emulateMedia({ colorScheme });
			await page.setViewportSize({ width, height: 760 });
			await isSound({ page }, '#nodes');
			// Nothing reaches beyond the page's edge.
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
				width
			);
		}
	});

	await expect(there).toContainText('Ready');
	await expect(links.getByRole('cell', { name: / ms$/ })).toHaveCount(2);
	await expect(nodes.getByRole('listitem')).toHaveCount(2);
});
