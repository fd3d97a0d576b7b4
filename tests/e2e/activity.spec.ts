import { isSound } from './support/sound';
import { expect, test } from './support/test';

test('the activity page tells what people do, live, as curves and as a table', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const bruno = await server.signUp('bruno');
	const general = await ana.general();
	const { page } = await open(ana, { path: '/admin/activity' });
	await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible();
	await expect(
		page.getByText(/^This server is a single node, without a cluster: .+, since /)
	).toBeVisible();

	// The page is there before the first moment is.
	const messages = page.getByRole('img', { name: /^Messages\./ });
	await expect(messages).toBeVisible({ timeout: 15_000 });
	for (let count = 0; count < 10; count++) await bruno.post(general, `message ${count}`);
	await expect(messages).toHaveAccessibleName(/, (?!0 )[\d.,]+ \/s at most/, { timeout: 15_000 });
	await expect(page.getByRole('img', { name: /^Time to store\..+99 in 100/ })).toBeVisible();
	await expect(page.getByRole('img')).toHaveCount(7);

	await page.getByText('Show as a table').click();
	const table = page.getByRole('table', { name: 'The highest of each minute.' });
	await expect(table.getByRole('columnheader')).toHaveCount(10);
	await expect(table.getByRole('row').nth(1)).toContainText('/s');

	// What was before one came is there at once.
	await page.reload();
	await expect(messages).toHaveAccessibleName(/, (?!0 )[\d.,]+ \/s at most/);
});

test('it is not for everybody', async ({ server, open }) => {
	await server.signUp('ana');
	const { page } = await open(await server.signUp('bruno'), { path: '/admin/activity' });
	await expect(page.getByRole('heading', { name: 'There is no such page.' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const)
	for (const width of [1280, 360])
		test.describe(`axe finds nothing on it, ${colorScheme}, ${width} px:`, () => {
			test.use({ colorScheme, viewport: { width, height: 760 } });

			test('its curves and its table', async ({ server, open }) => {
				const { page } = await open(await server.signUp('ana'), { path: '/admin/activity' });
				await expect(page.getByRole('img').first()).toBeVisible({ timeout: 15_000 });
				await page.getByText('Show as a table').click();
				await isSound({ page });
				// Nothing reaches beyond the page's edge.
				expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
					width
				);
			});
		});
