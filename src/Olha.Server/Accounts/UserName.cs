using System.Globalization;
using System.Text;
using Olha.Protocol;

namespace Olha.Server.Accounts;

/// <summary>Which user names can be taken: 2-32 letters and digits of any script, <c>_ . -</c>.</summary>
/// <remarks>The program carries no normaliser, so a name must have one spelling to begin with: combining marks, conjoining jamo and
/// letters that only stand for other letters (<c>ﬁ</c>, <c>Ａ</c>, <c>ª</c>) are refused.</remarks>
internal static class UserName
{
    const int Shortest = 2;
    const int Longest = 32;
    const string Deleted = "deleted-";

    /// <summary>The display name of whoever has no account any more, for clients that don't say it in their reader's language.</summary>
    public const string ShownWhenDeleted = "Deleted user";

    public static bool MayBeTaken(string name)
    {
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
            if (++length > Longest || !MayStand(rune)) return false;
        return length >= Shortest && !name.StartsWith(Deleted, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What takes the place of a name that is given up; nobody can take it.</summary>
    public static string OfDeleted(long userId) => string.Create(CultureInfo.InvariantCulture, $"{Deleted}{userId}");

    /// <summary>Names that differ in case only have one key.</summary>
    public static string KeyOf(string name) => PlainLine.Fold(name);

    static bool MayStand(Rune rune) =>
        rune.IsAscii ? Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '.' or '-' : IsLetterOrDigit(rune) && !HasOtherSpelling(rune.Value);

    static bool IsLetterOrDigit(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber;

    static bool HasOtherSpelling(int letter)
    {
        var ranges = OtherSpelling;
        var (low, high) = (0, ranges.Length / 2 - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (letter < ranges[2 * middle]) high = middle - 1;
            else if (letter > ranges[2 * middle + 1]) low = middle + 1;
            else return true;
        }
        return false;
    }

    // First and last of each range of letters and digits whose NFKC form is another one, or that a letter before them can swallow
    // (Unicode 17.0). Ranges run over what is neither letter nor digit, which is refused before.
    static ReadOnlySpan<int> OtherSpelling =>
    [
        0x00AA, 0x00BA, 0x0132, 0x0133, 0x013F, 0x0140, 0x0149, 0x0149, 0x017F, 0x017F, 0x01C4, 0x01CC,
        0x01F1, 0x01F3, 0x02B0, 0x02B8, 0x02E0, 0x02E4, 0x0374, 0x0374, 0x037A, 0x037A, 0x03D0, 0x03D6,
        0x03F0, 0x03F2, 0x03F4, 0x03F5, 0x03F9, 0x03F9, 0x0587, 0x0587, 0x0675, 0x0678, 0x0958, 0x095F,
        0x09DC, 0x09DF, 0x0A33, 0x0A33, 0x0A36, 0x0A36, 0x0A59, 0x0A5B, 0x0A5E, 0x0A5E, 0x0B5C, 0x0B5D,
        0x0E33, 0x0E33, 0x0EB3, 0x0EB3, 0x0EDC, 0x0EDD, 0x0F43, 0x0F43, 0x0F4D, 0x0F4D, 0x0F52, 0x0F52,
        0x0F57, 0x0F57, 0x0F5C, 0x0F5C, 0x0F69, 0x0F69, 0x10FC, 0x10FC, 0x1100, 0x11FF, 0x1D2C, 0x1D2E,
        0x1D30, 0x1D3A, 0x1D3C, 0x1D4D, 0x1D4F, 0x1D6A, 0x1D78, 0x1D78, 0x1D9B, 0x1DBF, 0x1E9A, 0x1E9B,
        0x1F71, 0x1F71, 0x1F73, 0x1F73, 0x1F75, 0x1F75, 0x1F77, 0x1F77, 0x1F79, 0x1F79, 0x1F7B, 0x1F7B,
        0x1F7D, 0x1F7D, 0x1FBB, 0x1FBB, 0x1FBE, 0x1FBE, 0x1FC9, 0x1FC9, 0x1FCB, 0x1FCB, 0x1FD3, 0x1FD3,
        0x1FDB, 0x1FDB, 0x1FE3, 0x1FE3, 0x1FEB, 0x1FEB, 0x1FF9, 0x1FF9, 0x1FFB, 0x1FFB, 0x2071, 0x2131,
        0x2133, 0x2149, 0x2C7C, 0x2C7D, 0x2D6F, 0x2D6F, 0x309F, 0x309F, 0x30FF, 0x30FF, 0x3131, 0x318E,
        0xA69C, 0xA69D, 0xA770, 0xA770, 0xA7F1, 0xA7F4, 0xA7F8, 0xA7F9, 0xA960, 0xA97C, 0xAB5C, 0xAB5F,
        0xAB69, 0xAB69, 0xD7B0, 0xFA0D, 0xFA10, 0xFA10, 0xFA12, 0xFA12, 0xFA15, 0xFA1E, 0xFA20, 0xFA20,
        0xFA22, 0xFA22, 0xFA25, 0xFA26, 0xFA2A, 0xFE72, 0xFE74, 0xFFDC, 0x10781, 0x107BA, 0x16D67, 0x16D67,
        0x1CCF0, 0x1D7FF, 0x1E030, 0x1E06D, 0x1EE00, 0x1FBF9, 0x2F800, 0x2FA1D,
    ];
}
