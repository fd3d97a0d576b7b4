import { Random } from './model/random';

/** As long as a message may be, in UTF-16 units. */
export const LONGEST = 4_000;

const SIGNS = [
	'*',
	'**',
	'_',
	'__',
	'~',
	'~~',
	'`',
	'``',
	'```',
	'[',
	']',
	'(',
	')',
	'](',
	'<',
	'>',
	'\\',
	'|',
	'||',
	'!',
	'#',
	'@'
];
const WORDS = [
	'a',
	'bold',
	'42',
	'ana',
	'@ana',
	'@room',
	'@eva.',
	'#room 1',
	'x*y',
	'snake_case',
	'é',
	'ç',
	'Straße',
	'не',
	'你好',
	'שלום',
	'مرحبا'
];
const INVISIBLE = [
	'\u200b',
	'\u200d',
	'\u200e',
	'\u202e',
	'\u2066',
	'\u2069',
	'\ufeff',
	'\u00ad',
	'\u0301',
	'\ufe0f',
	'\u00a0',
	'\u2028',
	'\u3000'
];
const EMOJI = ['👍', '👩‍👩‍👧‍👦', '🏳️‍🌈', '🇧🇷', '🇧', '4️⃣', '👍🏽', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '❤️', '❤', '\u{1f3fd}', '\u{e0067}', '\ud83d'];
const LINES = [
	'\n',
	'\n\n',
	'\n> ',
	'\n>> ',
	'\n> - ',
	'\n- ',
	'\n  - ',
	'\n* ',
	'\n1. ',
	'\n999999999. ',
	'\n   ',
	'\n\t',
	'\n```\n',
	'\n```js\n',
	'\n~~~\n',
	'\n# ',
	'\n---\n',
	'\n| a | b |\n|---|---|\n',
	'\r\n',
	'\r'
];
const SCHEMES = [
	'javascript:',
	'JaVaScRiPt:',
	'java\tscript:',
	'java\nscript:',
	' javascript:',
	'\u0001javascript:',
	'data:text/html,',
	'vbscript:',
	'file:///',
	'blob:',
	'about:',
	'view-source:',
	'http://',
	'HTTP://',
	'https://',
	'https:',
	'https:/\\',
	'//',
	'mailto:',
	'mailto:?',
	'ftp://',
	'ws://',
	'tel:'
];
const HOSTS = [
	'example.org',
	'user:pass@example.org',
	'javascript:alert(1)@x.org',
	'пример.рф',
	'xn--e1afmkfd.xn--p1ai',
	'[::1]',
	'127.1',
	'0x7f.1',
	'x.org:99999',
	'x..org',
	'a@b.c',
	'@',
	'%00',
	'x.org%2f',
	'⒈.com'
];
const PATHS = [
	'',
	'/',
	'/a_b_c',
	'/(a)',
	'/((',
	'/))',
	'/[x]',
	'?q=%22onclick=alert(1)',
	'#"><script>alert(1)</script>',
	'/<b>',
	"/'",
	'/&quot;',
	'&#x6a;avascript:',
	'/\u202etxt.exe',
	'/a|b',
	'/**',
	'/`'
];
const MARKUP = [
	'<script>alert(1)</script>',
	'<img src=x onerror=alert(1)>',
	'<svg/onload=alert(1)>',
	'<!--',
	'-->',
	'<![CDATA[',
	'&lt;script&gt;',
	'&#60;',
	'</p>',
	'{@html x}',
	'{x}',
	'${x}',
	'" onmouseover="x',
	"' autofocus '"
];
const LANGUAGES = ['js', 'css', 'xml', 'python', '"><b>', 'constructor', '__proto__', 'ts onload=x'];

const ALL = [SIGNS, SIGNS, SIGNS, WORDS, WORDS, INVISIBLE, EMOJI, LINES, LINES, SCHEMES, MARKUP, [' ']];

const address = (random: Random) => random.pick(SCHEMES) + random.pick(HOSTS) + random.pick(PATHS);

/** A short piece of trouble. */
function piece(random: Random): string {
	switch (random.below(12)) {
		case 0:
			return address(random);
		case 1:
			return `[${nasty(random, 20)}](${address(random)})`;
		case 2:
			return random.pick(SIGNS).repeat(1 + random.below(40));
		case 3: {
			const sign = random.pick(SIGNS);
			return `${sign}${nasty(random, 30)}${sign}`;
		}
		case 4:
			return `\n\`\`\`${random.pick(LANGUAGES)}\n${nasty(random, 60)}${random.chance(0.7) ? '\n```\n' : ''}`;
		case 5:
			return `\n${'> '.repeat(random.below(12))}${'- '.repeat(random.below(6))}${nasty(random, 20)}`;
		case 6:
			return String.fromCodePoint(random.below(0x10ffff));
		default:
			return random.pick(random.pick(ALL));
	}
}

/** A text of about that many UTF-16 units that means harm. */
export function nasty(random: Random, length: number): string {
	const repeated = random.chance(0.15);
	const pieces: string[] = [];
	let left = length;
	while (left > 0) {
		const next = piece(random);
		const times = repeated ? 1 + random.below(Math.max(1, Math.floor(left / next.length))) : 1;
		pieces.push(next.repeat(times));
		left -= next.length * times;
	}
	return pieces.join('').slice(0, length);
}

/** Another text much like it: some of it gone, doubled, moved, or replaced by trouble. */
export function mutated(random: Random, text: string): string {
	const [from, to] = [random.below(text.length + 1), random.below(text.length + 1)].sort(
		(a, b) => a - b
	) as [number, number];
	const [before, part, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
	switch (random.below(6)) {
		case 0:
			return before + after;
		case 1:
			return before + part + part + after;
		case 2:
			return part + before + after;
		case 3:
			return before + piece(random) + part + after;
		case 4: {
			const some = part.slice(0, 1 + random.below(12));
			return some ? before + some.repeat(1 + random.below(400)) + after : text;
		}
		default:
			return before + piece(random).repeat(1 + random.below(200)) + after;
	}
}

/** As long as a message may be: repeated, or cut. */
export const filled = (text: string, length = LONGEST) =>
	(text || 'a').repeat(Math.ceil(length / (text.length || 1))).slice(0, length);
