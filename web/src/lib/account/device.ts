/** What a device calls itself, first match wins: most browsers name others besides themselves. */
const BROWSERS = [
	[/\bEdg(?:e|A|iOS)?\//, 'Edge'],
	[/\bOPR\//, 'Opera'],
	[/\bSamsungBrowser\//, 'Samsung Internet'],
	[/\bVivaldi\//, 'Vivaldi'],
	[/\b(?:Firefox|FxiOS)\//, 'Firefox'],
	[/\b(?:Chrome|Chromium|CriOS|HeadlessChrome)\//, 'Chrome'],
	[/\bVersion\/.*\bSafari\//, 'Safari']
] as const;

const SYSTEMS = [
	[/\biPhone\b/, 'iPhone'],
	[/\biPad\b/, 'iPad'],
	[/\bAndroid\b/, 'Android'],
	[/\bWindows\b/, 'Windows'],
	[/\bCrOS\b/, 'ChromeOS'],
	[/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
	[/\bLinux\b|\bX11\b/, 'Linux']
] as const;

/** A device by what its programs say of themselves. */
export interface DeviceName {
	browser?: string;
	system?: string;
	/** Whether it is one that is carried about. */
	mobile: boolean;
}

/** @param userAgent as the browser sent it */
export function deviceOf(userAgent: string): DeviceName {
	const first = (of: typeof BROWSERS | typeof SYSTEMS) => of.find(([sign]) => sign.test(userAgent))?.[1];
	const system = first(SYSTEMS);
	return {
		browser: first(BROWSERS),
		system,
		mobile: system === 'iPhone' || system === 'iPad' || system === 'Android'
	};
}
