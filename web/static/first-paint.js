// Before the first paint: the theme and the language that were chosen here, so that nothing flashes.
(function () {
	try {
		var root = document.documentElement;
		var theme = localStorage.getItem('olha.theme');
		if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
		if (localStorage.getItem('olha.contrast') === 'more') root.dataset.contrast = 'more';
		var language = localStorage.getItem('olha.language');
		if (language) root.lang = language;
	} catch {
		// Storage may be forbidden: then the system's theme and the browser's language stand.
	}
})();
