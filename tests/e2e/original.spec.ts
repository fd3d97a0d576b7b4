import { FOR_OTHERS } from './support/server';
import { expect, test } from './support/test';

test.use({ settings: FOR_OTHERS });

/** What a browser client written for the original does, and nothing else. */
const PAGE = `<!doctype html>
<html lang="en">
	<title>A client of the original</title>
	<body>
	<form><input name="content" aria-label="Message"></form>
	<ol></ol>
	<script>
		const query = new URLSearchParams(location.search);
		async function begin() {
			const response = await fetch(query.get('door'), {
				method: 'POST',
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({ username: query.get('username'), password: 'alice-secret-1' })
			});
			window.user = { status: response.status, ...(await response.json()) };
			const socket = new WebSocket('ws://' + location.host + '/api/ws/' + window.user.id);
			socket.onopen = () => document.body.dataset.state = 'open';
			socket.onmessage = (event) => {
				const item = document.createElement('li');
				item.textContent = event.data;
				document.querySelector('ol').append(item);
			};
			document.querySelector('form').onsubmit = (event) => {
				event.preventDefault();
				socket.send(event.target.content.value);
				event.target.reset();
			};
		}
		begin();
	</script>
	</body>
</html>`;

for (const from of ['this machine', 'another address'] as const) {
	test(`a browser client written for the original works unchanged, from ${from}`, async ({
		server,
		open,
		page
	}) => {
		const bia = await server.signUp('bia', 'Bia Souza');
		const bias = await open(bia);
		const origin = from === 'this machine' ? server.origin : server.lanOrigin;
		await page.route(/\/client\.html\?/, (route) =>
			route.fulfill({ contentType: 'text/html', body: PAGE })
		);
		const body = page.locator('body');
		const heard = page.getByRole('listitem');

		await page.goto(`${origin}/client.html?door=/api/users&username=alice`);
		await expect(body).toHaveAttribute('data-state', 'open');
		expect(await page.evaluate('user')).toEqual({ status: 201, id: bia.id + 1, username: 'alice' });

		await page.getByLabel('Message').fill('plain words, <b>not</b> markup');
		await page.keyboard.press('Enter');
		const own = heard.filter({ hasText: '"Chat"' });
		await expect(own).toHaveCount(1);
		expect(JSON.parse((await own.textContent())!)).toEqual({
			type: 'Chat',
			userId: bia.id + 1,
			username: 'alice',
			content: 'plain words, <b>not</b> markup',
			timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
			color: expect.stringMatching(/^#[0-9a-f]{6}$/)
		});
		await expect(bias.row('plain words, <b>not</b> markup')).toHaveAccessibleName('Message by alice');

		await bias.say('We hear you, Alice.');
		const answer = heard.filter({ hasText: 'We hear you, Alice.' });
		await expect(answer).toHaveCount(1);
		expect(JSON.parse((await answer.textContent())!)).toMatchObject({
			type: 'Chat',
			userId: bia.id,
			username: 'bia'
		});

		// Another visit: the account is there.
		await page.goto(`${origin}/client.html?door=/api/users/login&username=alice`);
		await expect(body).toHaveAttribute('data-state', 'open');
		expect(await page.evaluate('user')).toEqual({ status: 200, id: bia.id + 1, username: 'alice' });
		await bias.say('Welcome back!');
		await expect(heard.filter({ hasText: 'Welcome back!' })).toHaveCount(1);
	});
}
