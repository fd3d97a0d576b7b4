import { expect, test } from './support/test';

test('whoever is first is led through the set-up of the server, and may skip all of it', async ({ open }) => {
	const window = await open(null);
	const { page } = window;
	await page.getByLabel('User name').fill('ana');
	await page.getByLabel('Password').fill('vento norte 7');
	await page.getByRole('button', { name: 'Create account' }).click();

	await expect(page.getByRole('heading', { name: 'Your server' })).toBeVisible();
	await page.getByLabel('Name of the server').fill('Clube do Mar');
	await page.getByLabel('By invitation').check();
	await page.getByRole('button', { name: 'Next' }).click();

	await expect(page.getByRole('heading', { name: 'First rooms' })).toBeFocused();
	await page.getByLabel('News').check();
	await page.getByLabel('Another room').fill('Regatas');
	await page.getByRole('button', { name: 'Add' }).click();
	await expect(page.getByLabel('Regatas')).toBeChecked();
	await page.getByRole('button', { name: 'Create and go on' }).click();

	await expect(page.getByRole('heading', { name: 'Bring people in' })).toBeFocused();
	await page.getByRole('button', { name: 'Go to General' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'General' })).toBeVisible();
	await expect(window.sidebar).toContainText('Clube do Mar');
	for (const room of ['News', 'Regatas']) await expect(window.roomLink(room)).toBeVisible();

	const { page: late } = await open(null, { path: '/sign-up' });
	await expect(late.getByText('New accounts are by invitation here.')).toBeVisible();
	await expect(late.getByLabel('User name')).toHaveCount(0);
});

test('typing goes on in the same field when a new server leads from signing in to signing up', async ({
	open,
	server
}) => {
	const { page } = await open(null, { path: '/favicon.svg' });
	let tell = () => {};
	const told = new Promise<void>((resolve) => (tell = resolve));
	await page.route('**/api/v1/about', async (route) => {
		await told;
		await route.continue();
	});
	await page.goto(server.origin);
	await page.getByLabel('User name').click();
	await page.keyboard.type('an');
	tell();
	await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible();
	await expect(page.getByLabel('User name')).toBeFocused();
	await page.keyboard.type('a');
	await expect(page.getByLabel('User name')).toHaveValue('ana');
});

test('an open server is shared by its address, with a code to scan', async ({ server, open }) => {
	const ana = await server.signUp('ana');
	const { page } = await open(ana, { path: '/welcome' });
	await page.getByRole('button', { name: 'Skip' }).click();
	await page.getByRole('button', { name: 'Skip' }).click();
	const code = page.getByRole('img', { name: 'Address of the server' });
	await expect(code).toBeVisible();
	await expect(page.getByText(server.origin, { exact: true })).toBeVisible();
	await expect(page.getByText('this machine alone')).toBeVisible();
	// White around it, whatever the theme.
	await page.emulateMedia({ colorScheme: 'dark' });
	await expect(code).toHaveCSS('background-color', 'oklch(1 0 0)');
});

test('the set-up is for the owner alone', async ({ server, open }) => {
	await server.signUp('ana');
	const bruno = await server.signUp('bruno');
	const { page } = await open(bruno, { path: '/welcome' });
	await expect(page.getByRole('heading', { level: 1, name: 'General' })).toBeVisible();
});

test('an invitation link is made at the end of the set-up, and somebody comes by it', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const { page } = await open(ana, { path: '/welcome' });
	await page.getByLabel('By invitation').check();
	await page.getByRole('button', { name: 'Next' }).click();
	await page.getByRole('button', { name: 'Skip' }).click();
	await page.getByRole('button', { name: 'Make an invitation link' }).click();
	await expect(page.getByRole('img', { name: 'Invitation link' })).toBeVisible();
	const link = new URL((await page.getByText('/invitation#').textContent())!);

	const guest = await open(null, { path: link.pathname + link.hash });
	await expect(guest.page.getByText('Ana Lima invites you.')).toBeVisible();
	await guest.page.getByLabel('User name').fill('bruno');
	await guest.page.getByLabel('Password').fill('vento norte 7');
	await guest.page.getByRole('button', { name: 'Create account' }).click();
	await expect(guest.composer).toBeVisible();
	// The secret is not left in the history.
	expect(guest.page.url()).not.toContain('#');
	await guest.page.goBack();
	expect(guest.page.url()).not.toContain('invitation');
});

test('an invitation leads into its first room: new people, people with accounts, people who are in', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const carla = await server.signUp('carla', 'Carla Dias');
	const room = await ana.createRoom('Festa', 'closed');
	const path = `/invitation#${await ana.makeInvitation({ role: 'member', roomIds: [room] })}`;

	const fresh = await open(null, { path });
	await expect(fresh.page.getByText('You will be in Festa.')).toBeVisible();
	await fresh.page.getByLabel('User name').fill('bruno');
	await fresh.page.getByLabel('Password').fill('vento norte 7');
	await fresh.page.getByRole('button', { name: 'Create account' }).click();
	await expect(fresh.page.getByText('Somebody has this user name already.')).toBeVisible();
	await fresh.page.getByLabel('User name').fill('davi');
	await fresh.page.getByRole('button', { name: 'Create account' }).click();
	await expect(fresh.page.getByRole('heading', { level: 1, name: 'Festa' })).toBeVisible();

	const known = await open(null, { path });
	await known.page.getByText('I have an account').click();
	await known.page.getByLabel('User name').fill('bruno');
	await known.page.getByLabel('Password').fill(bruno.password);
	await known.page.getByRole('button', { name: 'Sign in' }).click();
	await expect(known.page.getByRole('heading', { level: 1, name: 'Festa' })).toBeVisible();

	const inside = await open(carla, { path });
	await expect(inside.page.getByText('You are signed in as Carla Dias (@carla).')).toBeVisible();
	await inside.page.getByRole('button', { name: 'Accept the invitation' }).click();
	await expect(inside.page.getByRole('heading', { level: 1, name: 'Festa' })).toBeVisible();
});

test('an invitation or a link that is not valid says so kindly', async ({ server, open }) => {
	await server.signUp('ana');
	const { page } = await open(null, { path: '/invitation#nothing' });
	await expect(page.getByRole('heading', { name: 'This invitation is not valid any more' })).toBeVisible();
	await expect(page.getByText('Ask whoever sent it for a new one.')).toBeVisible();
	await page.goto('/link#nothing');
	await expect(page.getByRole('heading', { name: 'This link is not valid any more' })).toBeVisible();
	await page.getByRole('link', { name: 'Sign in' }).click();
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a recovery link takes a new password and lets in', async ({ server, open }) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const bruno = await server.signUp('bruno', 'Bruno Reis');
	const { page, composer } = await open(null, { path: `/link#${await ana.makeRecoveryLink(bruno)}` });
	await expect(page.getByText('Choose a new password for Bruno Reis (@bruno).')).toBeVisible();
	await page.getByLabel('New password').fill('short');
	await page.getByRole('button', { name: 'Save and sign in' }).click();
	await expect(page.getByText('at least 8 characters')).toBeVisible();
	await page.getByLabel('New password').fill('vento sul 88');
	await page.getByRole('button', { name: 'Save and sign in' }).click();
	await expect(composer).toBeVisible();
});

for (const [state, told] of [
	['disabled', 'This account is disabled for now.'],
	['banned', 'This account was banned from this server.']
] as const)
	test(`whoever is ${state} is told at the door`, async ({ server, open }) => {
		const ana = await server.signUp('ana');
		const bruno = await server.signUp('bruno', 'Bruno Reis');
		await bruno.post(await ana.general(), 'oi');
		await ana.govern(bruno, { state });
		const { page } = await open(null, { path: '/sign-in' });
		await page.getByLabel('User name').fill('bruno');
		await page.getByLabel('Password').fill(bruno.password);
		await page.getByRole('button', { name: 'Sign in' }).click();
		await expect(page.getByText(told)).toBeVisible();
		const anas = await open(ana);
		await expect(anas.row('oi')).toContainText(`Bruno Reis (${state})`);
	});
