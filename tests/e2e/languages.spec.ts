import { expect, test } from './support/test';

const LANGUAGES = [
	{
		browser: 'en-US',
		lang: 'en',
		signUp: 'Create account',
		skip: 'Skip',
		toGeneral: 'Go to General',
		composer: 'Message General',
		joined: 'Ana joined'
	},
	{
		browser: 'pt-BR',
		lang: 'pt-BR',
		signUp: 'Criar conta',
		skip: 'Pular',
		toGeneral: 'Ir para General',
		composer: 'Mensagem para General',
		joined: 'Ana entrou'
	},
	{
		browser: 'pt-PT',
		lang: 'pt-BR',
		signUp: 'Criar conta',
		skip: 'Pular',
		toGeneral: 'Ir para General',
		composer: 'Mensagem para General',
		joined: 'Ana entrou'
	},
	{
		browser: 'es-MX',
		lang: 'es',
		signUp: 'Crear cuenta',
		skip: 'Omitir',
		toGeneral: 'Ir a General',
		composer: 'Mensaje para General',
		joined: 'Ana entró'
	},
	{
		browser: 'fi-FI',
		lang: 'en',
		signUp: 'Create account',
		skip: 'Skip',
		toGeneral: 'Go to General',
		composer: 'Message General',
		joined: 'Ana joined'
	}
];

for (const { browser, lang, signUp, skip, toGeneral, composer, joined } of LANGUAGES) {
	test(`a browser in ${browser} is spoken to in ${lang}`, async ({ open }) => {
		const { page, log } = await open(null, { locale: browser });
		await expect(page).toHaveURL(/\/sign-up$/);
		await expect(page.locator('html')).toHaveAttribute('lang', lang);
		await page.locator('[autocomplete=username]').fill('ana');
		await page.locator('[autocomplete=new-password]').fill('vento norte 7');
		await page.locator('[autocomplete=nickname]').fill('Ana');
		await page.getByRole('button', { name: signUp }).click();
		for (let step = 0; step < 2; step++) await page.getByRole('button', { name: skip }).click();
		await page.getByRole('button', { name: toGeneral }).click();
		await expect(page.getByPlaceholder(composer)).toBeVisible();
		await expect(log).toContainText(joined);
	});
}

test('the language that is chosen stands at once, after a reload, and at the door', async ({
	server,
	open
}) => {
	const ana = await server.signUp('ana', 'Ana Lima');
	const window = await open(ana);
	const { page } = window;
	await window.say('Olá');
	await window.settings('Appearance');
	await page.getByLabel('Language').selectOption('Português (Brasil)');
	await expect(page.getByRole('heading', { name: 'Perfil e ajustes' })).toBeVisible();
	await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR');
	await page.keyboard.press('Escape');
	await expect(page.getByPlaceholder('Mensagem para General')).toBeVisible();
	await window.shows('Olá');

	await page.reload();
	await expect(page.getByPlaceholder('Mensagem para General')).toBeVisible();
	await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR');

	await page.getByRole('link', { name: /Perfil e ajustes/ }).click();
	await page.getByRole('button', { name: 'Sair', exact: true }).click();
	await expect(page.getByRole('heading', { name: 'Entrar' })).toBeVisible();
	await page.getByLabel('Idioma').selectOption('Español');
	await expect(page.locator('html')).toHaveAttribute('lang', 'es');
	await page.getByLabel('Contraseña').fill('nada que ver');
	await page.getByLabel('Nombre de usuario').fill('ana');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toHaveText(/contraseña/);
});
