using System.Text.RegularExpressions;
using EvolveDb.Migration;

namespace Olha.Storage.Schema;

/// <summary>A script that a database has run, and what its name says about programs that are older than it (docs/house.md).</summary>
/// <param name="Version">Its number.</param>
/// <param name="Description">The rest of its name, with blanks for underscores.</param>
internal sealed partial record AppliedScript(MigrationVersion Version, string Description)
{
    /// <summary>The version of the oldest schema whose programs work on after it; null: only those that know it do.</summary>
    public MigrationVersion? Oldest =>
        Promise().Match(Description) is not { Success: true } promise ? null
        : promise.Groups["oldest"] is { Success: true } oldest ? new(oldest.Value)
        : new("0");

    [GeneratedRegex("^(?:expand|from (?<oldest>[0-9]+)) ")]
    private static partial Regex Promise();
}
