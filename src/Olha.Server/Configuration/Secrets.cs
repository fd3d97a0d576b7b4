using System.Text.RegularExpressions;

namespace Olha.Server.Configuration;

/// <summary>Shows an address without what only the program may know.</summary>
internal static partial class Secrets
{
    /// <summary>What stands for a secret.</summary>
    public const string Hidden = "...";

    /// <summary>The text with its passwords hidden: the one before <c>@</c>, and those among the parameters. Works on the text as it was
    /// written, because what is no sound address may hold a password all the same.</summary>
    public static string Masked(string address)
    {
        address = Parameter().Replace(address, $"$1{Hidden}");
        var begin = address.IndexOf("://", StringComparison.Ordinal);
        var at = address.LastIndexOf('@');
        var colon = begin < 0 ? -1 : address.IndexOf(':', begin + 3);
        return colon < 0 || colon > at ? address : $"{address[..(colon + 1)]}{Hidden}{address[at..]}";
    }

    [GeneratedRegex("([?&][^=&]*(?:pass|pwd|secret|token)[^=&]*=)[^&]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();
}
