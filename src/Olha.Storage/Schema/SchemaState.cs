using System.Data.Common;

namespace Olha.Storage.Schema;

/// <summary>How a database's schema stands to this program: none of ours, to be brought up to date at the next start, the same, newer and
/// made for older programs too, newer and not for this one.</summary>
public enum SchemaFit { None, Older, Same, Newer, TooNew }

/// <summary>A database's schema beside the one that this program knows.</summary>
/// <param name="Fit">How the two stand to each other.</param>
/// <param name="Found">The database's newest version; null: it is none of ours.</param>
/// <param name="Known">This program's newest version.</param>
public sealed record SchemaState(SchemaFit Fit, string? Found, string Known)
{
    internal static SchemaState Of(DbConnection connection, Dialect dialect, DatabaseOptions options)
    {
        var scripts = SchemaScripts.Find(options, dialect);
        var applied = SchemaMigration.AllApplied(connection, dialect);
        var newest = applied.Max(static it => it.Version);
        var fit = newest is null ? SchemaFit.None
            : newest == scripts.Newest ? SchemaFit.Same
            : newest < scripts.Newest ? SchemaFit.Older
            : scripts.MayRunOn(applied) ? SchemaFit.Newer
            : SchemaFit.TooNew;
        return new(fit, newest?.Label, scripts.Newest.Label);
    }
}
