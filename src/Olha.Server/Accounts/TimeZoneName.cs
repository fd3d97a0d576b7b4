using System.Buffers;

namespace Olha.Server.Accounts;

/// <summary>What may stand as a time zone: a name as the IANA database builds them, <c>Region/Place</c>, or <c>UTC</c>.</summary>
/// <remarks>Judged by its shape and its region, not looked up: the program has no database of time zones of its own, a small container has
/// none either, and an old one would refuse what browsers know. Who shows it must cope with a place that does not exist.</remarks>
internal static class TimeZoneName
{
    const int Longest = 64;

    static readonly SearchValues<char> s_signs = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-");

    // The regions that the database's own names have; the countries that stand for them (US/Eastern) are links kept for old programs.
    static readonly string[] s_regions =
        ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Etc", "Europe", "Indian", "Pacific"];

    public static bool IsSound(string name)
    {
        if (name == "UTC") return true;
        var parts = name.Split('/');
        return name.Length <= Longest && parts.Length is 2 or 3 && s_regions.Contains(parts[0])
            && parts.All(static part => part.Length > 0 && !part.AsSpan().ContainsAnyExcept(s_signs));
    }
}
