using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Olha.Server.Export;

/// <summary>A page of HTML that holds no script and fetches nothing. Only what stands in this program's own code is markup: whatever is
/// put into it is escaped, because there is no other way in.</summary>
internal sealed class HtmlPage : IDisposable
{
    readonly StreamWriter _to;

    public HtmlPage(Stream to, ExportWords words, string title)
    {
        _to = new(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 32 * 1024);
        Write($$"""
            <!doctype html>
            <html lang="{{words.Language}}">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <meta name="referrer" content="no-referrer">
            <title>{{title}}</title>
            <style>
            :root {
              color-scheme: light dark;
              --paper: light-dark(#fcfaf6, #191c22); --raised: light-dark(#fffefd, #23272e); --line: light-dark(#e0dcd3, #33373f);
              --ink: light-dark(#1b2237, #eae8e3); --soft: light-dark(#47506a, #b2bac4); --accent: light-dark(#1f5fa8, #7db6e8);
            }
            body { max-width: 50rem; margin: 0 auto; padding: 1rem; background: var(--paper); color: var(--ink);
              font: 0.9375rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
            a { color: var(--accent); }
            h1 { font-size: 1.5rem; line-height: 1.25; }
            h2 { margin: 2rem 0 0.5rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line); font-size: 1rem; }
            p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
            small, time, .line, .gone, footer, nav { color: var(--soft); font-size: 0.8125rem; }
            header a { text-decoration: none; }
            article { padding: 0.375rem 0.5rem; border-radius: 6px; }
            article:target { background: var(--raised); outline: 2px solid var(--accent); }
            blockquote { margin: 0.125rem 0; padding-left: 0.5rem; border-left: 3px solid var(--line); color: var(--soft); }
            nav { display: flex; gap: 1rem; flex-wrap: wrap; margin: 1rem 0; }
            table { border-collapse: collapse; width: 100%; }
            td, th { padding: 0.25rem 0.5rem; border-bottom: 1px solid var(--line); text-align: left; overflow-wrap: anywhere; }
            td + td { white-space: nowrap; }
            @media print { nav { display: none; } }
            </style>
            </head>
            <body>

            """);
    }

    public void Write([InterpolatedStringHandlerArgument("")] ref Markup markup) => markup.End();

    public void Dispose()
    {
        _to.Write("</body>\n</html>\n");
        _to.Dispose();
    }

    void Escape(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny(s_special) is >= 0 and var at)
        {
            _to.Write(text[..at]);
            _to.Write(text[at] switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                '\'' => "&#39;",
                _ => "\uFFFD",
            });
            text = text[(at + 1)..];
        }
        _to.Write(text);
    }

    // What may end a text or an attribute's value, and what HTML allows nowhere.
    static readonly System.Buffers.SearchValues<char> s_special = System.Buffers.SearchValues.Create(
        "<>&\"'\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\u000B\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\u007F");

    /// <summary>Markup with holes: the text between them is written as it is, what fills them is escaped.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        readonly HtmlPage _page;

#pragma warning disable IDE0060, RCS1163 // The compiler's pattern.
        public Markup(int literalLength, int formattedCount, HtmlPage page) => _page = page;
#pragma warning restore IDE0060, RCS1163

        public void AppendLiteral(string markup) => _page._to.Write(markup);

        public void AppendFormatted(string? text) => _page.Escape(text);

        public void AppendFormatted(long number) => _page._to.Write(number.ToString(CultureInfo.InvariantCulture));

        /// <summary>In UTC.</summary>
        public void AppendFormatted(DateTimeOffset time, string format) =>
            _page.Escape(time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture));

#pragma warning disable CA1822
        public void End() { }
#pragma warning restore CA1822
    }
}
