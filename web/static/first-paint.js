// Before the first paint: the theme and the language that were chosen here, so that nothing flashes, and that language's texts.
(function () {
	const root = document.documentElement;
	const prefers = (query) => matchMedia(query).matches;
	let [theme, contrast, language] = [null, null, null];
	try {
		theme = localStorage.getItem('olha.theme');
		contrast = localStorage.getItem('olha.contrast');
		language = localStorage.getItem('olha.language');
	} catch {
		// Storage may be forbidden: then the system's theme and the browser's language stand.
	}
	root.dataset.theme = theme ?? (prefers('(prefers-color-scheme: dark)') ? 'dark' : 'light');
	if (contrast === 'more' || prefers('(prefers-contrast: more)')) root.dataset.contrast = 'more';
	if (language) root.lang = language;

	// As src/lib/i18n/language.svelte.ts chooses; where they differ, something is fetched that is not needed.
	const catalogues = JSON.parse(root.dataset.catalogues ?? '{}');
	const base = (tag) => tag.toLowerCase().split('-')[0];
	const locale = [language ?? '', ...navigator.languages]
		.map((wanted) =>
			catalogues[wanted] ? wanted : Object.keys(catalogues).find((one) => base(one) === base(wanted))
		)
		.find(Boolean);
	const file = catalogues[locale ?? 'en'];
	if (!file) return;
	const link = document.createElement('link');
	link.rel = 'modulepreload';
	link.href = '/' + file;
	document.head.append(link);
})();
