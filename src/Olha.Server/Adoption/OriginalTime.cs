using System.Globalization;
using System.Text.RegularExpressions;

namespace Olha.Server.Adoption;

/// <summary>Times as SQLite and Go's drivers have written them: <c>2025-08-28 12:34:56</c> (UTC), with fractions, with a <c>T</c>,
/// with an offset, with Go's <c>+0000 UTC m=+0.1</c> behind it, or as a number since 1970.</summary>
internal static partial class OriginalTime
{
    // 5138-11-16: a larger number counts something smaller than seconds.
    const long MostSeconds = 100_000_000_000;

    static readonly long s_latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Milliseconds since 1970 UTC; null when it says no time, or one before 1970, which only a clock that was not set
    /// has ever written.</summary>
    public static long? Read(object? value) => value switch
    {
        long number => Sound(FromNumber(number)),
        double number when Math.Abs(number) < MostSeconds => Sound((long)Math.Floor(number * 1000)),
        double number when Math.Abs(number) < long.MaxValue => Sound(FromNumber((long)number)),
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            Sound(FromNumber(number)),
        string text => Sound(FromText(text)),
        _ => null,
    };

    static long? Sound(long? time) => time >= 0 && time <= s_latest ? time : null;

    // Seconds, milliseconds, microseconds or nanoseconds.
    static long FromNumber(long number) => Math.Abs((double)number) switch
    {
        < MostSeconds => number * 1000,
        < MostSeconds * 1_000d => number,
        < MostSeconds * 1_000_000d => number / 1000,
        _ => number / 1_000_000,
    };

    static long? FromText(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success) return null;
        var (year, month, day) = (Number(match, "year"), Number(match, "month"), Number(match, "day"));
        var (hour, minute, second) = (Number(match, "hour"), Number(match, "minute"), Number(match, "second"));
        if (year is 0 || month is 0 or > 12 || day is 0 || day > DateTime.DaysInMonth(year, month)) return null;
        if (hour > 23 || minute > 59 || second > 59) return null;

        var fraction = int.Parse(match.Groups["fraction"].Value.PadRight(3, '0')[..3], CultureInfo.InvariantCulture);
        var local = new DateTimeOffset(year, month, day, hour, minute, second, fraction, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var offset = 60_000L * (60 * Number(match, "offsetHours") + Number(match, "offsetMinutes"));
        return match.Groups["sign"].ValueSpan is "-" ? local + offset : local - offset;
    }

    static int Number(Match match, string part) =>
        match.Groups[part] is { Success: true, ValueSpan: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : 0;

    // What follows the offset (Go's zone name and monotonic clock) says nothing more.
    [GeneratedRegex("""
        ^\s*(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})
        (?:[ T](?<hour>[0-9]{2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]+))?)?
        (?:\s*(?<sign>[+-])(?<offsetHours>[0-9]{2}):?(?<offsetMinutes>[0-9]{2}))?)?
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
