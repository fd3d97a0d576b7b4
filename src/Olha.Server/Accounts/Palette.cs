using System.Globalization;

namespace Olha.Server.Accounts;

/// <summary>The colours that people get. Each has a contrast of at least 3 to white and to near-black.</summary>
/// <remarks>Stored as 0xRRGGBB. Ordered so that each is as far as can be (in OKLab) from all before it: a small community gets
/// the most different ones. A colour that was given stays even if it is taken off this list.</remarks>
internal static class Palette
{
    public static IReadOnlyList<int> Colors { get; } =
    [
        0x1B71BC, 0xFD2E1C, 0x30A100, 0xD657F1, 0x8F653A, 0x9B89B0, 0xB93C8C, 0x804EFA, 0x09816B, 0xCF7B26,
        0x5B8BFF, 0xF84B9F, 0x81955E, 0x2F9BB2, 0x8560AC, 0xC04442, 0xD07181, 0x2C61FE, 0xAD36D8, 0xA278E4,
        0x537E0E, 0xA0667D, 0xEB005F, 0x667B9E, 0xCC68B9, 0xD633BE, 0x16A56E, 0xAB826C, 0x9C7C0B, 0x616ED7,
        0xFA5570, 0x6C7B54, 0x288DD4, 0xAF56FD, 0xDB551D, 0xD74C82, 0xB352BA, 0xB75F0B, 0x0A819D, 0x558C85,
    ];

    /// <summary>The colour that fewest people have, the earlier one of equals.</summary>
    public static int LeastUsed(IEnumerable<ColorUse> uses)
    {
        var people = uses.ToDictionary(use => use.Color, use => use.People);
        return Colors.MinBy(color => people.GetValueOrDefault(color));
    }

    /// <summary>As CSS has it: <c>#rrggbb</c>.</summary>
    public static string Css(long color) => "#" + color.ToString("x6", CultureInfo.InvariantCulture);
}

/// <summary>How many people have a colour.</summary>
internal sealed record ColorUse(long Color, long People);
