/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
import { build, files, version } from '$service-worker';

// Keeps the program itself on the device, so that it opens without a network. What people say is kept by the app.

const self = globalThis.self as unknown as ServiceWorkerGlobalScope;

const CACHE = `olha-${version}`;

/** One page for every address. */
const PAGE = '/';

/** A network that has not answered by then is as good as none. */
const PATIENCE_MS = 4_000;

const own = new Set([...build, ...files]);

self.addEventListener('install', (event) => {
	event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...own, PAGE])));
});

self.addEventListener('activate', (event) => {
	event.waitUntil(
		(async () => {
			// Pages of an older build are closed by now.
			for (const name of await caches.keys())
				if (name.startsWith('olha-') && name !== CACHE) await caches.delete(name);
		})()
	);
});

self.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/'))
		return;
	if (own.has(url.pathname)) event.respondWith(kept(request));
	else if (request.mode === 'navigate') event.respondWith(page(request));
});

async function kept(request: Request): Promise<Response> {
	const cache = await caches.open(CACHE);
	return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** The server's page, which is always of its own build; without a server the one that is kept. */
async function page(request: Request): Promise<Response> {
	const controller = new AbortController();
	const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
	try {
		return await fetch(request, { signal: controller.signal });
	} catch (failure) {
		const cache = await caches.open(CACHE);
		const held = await cache.match(PAGE, { ignoreVary: true });
		if (held) return held;
		throw failure;
	} finally {
		clearTimeout(timer);
	}
}
