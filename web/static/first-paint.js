// Before the first paint: the theme and the language that were chosen here, so that nothing flashes.
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
})();
