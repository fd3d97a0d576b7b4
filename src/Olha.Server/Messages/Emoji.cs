using System.Globalization;
using System.Text;

namespace Olha.Server.Messages;

/// <summary>What may stand as a reaction.</summary>
internal static class Emoji
{
    /// <summary>The longest there are: families and flags of regions.</summary>
    const int Longest = 32;

    /// <summary>Whether a text is made of what emoji are made of, and shows something. The list of those that exist is the client's:
    /// it grows every year, and a server must not refuse what a newer client shows.</summary>
    public static bool IsOne(string text)
    {
        if (text.Length is 0 or > Longest) return false;
        var shows = false;
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != System.Buffers.OperationStatus.Done) return false;
            var part = PartOf(rune);
            if (part == Part.None) return false;
            shows |= part == Part.Shows;
            rest = rest[used..];
        }
        return shows;
    }

    enum Part { None, Joins, Shows }

    static Part PartOf(Rune rune) => rune.Value switch
    {
        0x200D or 0xFE0F or (>= 0xE0020 and <= 0xE007F) => Part.Joins, // joiner, presentation, tags of flags
        (>= '0' and <= '9') or '#' or '*' => Part.Joins,
        0x20E3 => Part.Shows, // the key around a digit
        0x203C or 0x2049 or 0x2139 or 0x3030 or 0x303D => Part.Shows, // punctuation and a letter that are emoji
        < 0xA9 => Part.None,
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol => Part.Shows,
            UnicodeCategory.ModifierSymbol when rune.Value >= 0x1F3FB => Part.Joins, // skin
            // Newer than this program's tables, in the planes where emoji are.
            UnicodeCategory.OtherNotAssigned when rune.Value is >= 0x1F000 and <= 0x1FAFF => Part.Shows,
            _ => Part.None,
        },
    };
}
