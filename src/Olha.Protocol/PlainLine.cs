using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Olha.Protocol;

/// <summary>A short text that is shown on one line: a name, a topic.</summary>
public static class PlainLine
{
    /// <summary>Reads what somebody typed: ends trimmed, 1 to <paramref name="max"/> characters (Unicode scalar values), nothing
    /// that breaks the line or turns its direction, and something in it that can be seen.</summary>
    public static bool TryRead(string? text, int max, [NotNullWhen(true)] out string? line)
    {
        line = text?.Trim();
        if (string.IsNullOrEmpty(line)) return false;

        var (length, seen) = (0, false);
        foreach (var rune in line.EnumerateRunes())
        {
            if (++length > max || !MayStand(rune)) return false;
            seen |= CanBeSeen(rune);
        }
        return seen;
    }

    /// <summary>One form for texts that differ in case only: Unicode's simple folding, the same on every machine.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        Span<char> utf16 = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            // Up and down again: a final sigma and a sigma have one capital.
            var one = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
            folded.Append(utf16[..one.EncodeToUtf16(utf16)]);
        }
        return folded.ToString();
    }

    static bool MayStand(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => rune.Value is not ((>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)), // bidi overrides
        // What a lone surrogate reads as; a real U+FFFD says that something was lost before it came here.
        _ => rune != Rune.ReplacementChar,
    };

    static bool CanBeSeen(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => false,
        _ => rune.Value is not (0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0), // letters and a symbol that draw nothing
    };
}
