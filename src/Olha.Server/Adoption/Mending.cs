using System.Text;
using Olha.Protocol;

namespace Olha.Server.Adoption;

/// <summary>Makes old texts such as today's rules let stand. A sound text comes out as it went in.</summary>
internal static class Mending
{
    /// <summary>A line of at most <paramref name="max"/> characters: breaks become spaces, what may not stand in a line goes.</summary>
    /// <returns>Null when nothing is left that can be seen.</returns>
    public static string? Line(string? text, int max)
    {
        if (PlainLine.TryRead(text, max, out var line)) return line;
        if (text is null) return null;

        var mended = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (MayStand(rune)) mended.Append(rune.ToString());
            else if (Rune.IsWhiteSpace(rune)) mended.Append(' ');
        }
        return PlainLine.TryRead(Cut(mended.ToString().Trim(), max), max, out line) ? line : null;
    }

    /// <summary>At most so many characters (Unicode scalar values).</summary>
    public static string Cut(string text, int max) => string.Concat(text.EnumerateRunes().Take(max));

    /// <summary>A message's text: line ends are line feeds, and U+FFFD stands where a control character stood.</summary>
    public static string Body(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001F') && !text.AsSpan().ContainsAnyInRange('\u007F', '\u009F')) return text;

        var mended = new StringBuilder(text.Length);
        foreach (var letter in text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'))
            mended.Append(char.IsControl(letter) && letter is not ('\n' or '\t') ? '\uFFFD' : letter);
        return mended.ToString();
    }

    // The rule itself is PlainLine's.
    static bool MayStand(Rune rune) => PlainLine.TryRead($"x{rune}x", 3, out _);
}
