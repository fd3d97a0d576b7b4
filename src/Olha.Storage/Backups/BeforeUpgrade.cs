using EvolveDb.Migration;
using Microsoft.Extensions.Logging;
using Olha.Storage.Schema;
using Olha.Storage.Sqlite;

namespace Olha.Storage.Backups;

/// <summary>Keeps a SQLite database as it was before a newer program changes its schema: the way back.</summary>
/// <remarks>Named <c>NAME.before-v0007</c> by the newest script that is about to run. Of several the newest two stay.</remarks>
internal static partial class BeforeUpgrade
{
    const int Kept = 2;

    const string Ending = ".before-v";

    /// <summary>Copies it, when there is something to migrate.</summary>
    /// <param name="path">The database, which the caller has claimed.</param>
    /// <param name="options">The schema that it will have.</param>
    public static void Keep(string path, DatabaseOptions options)
    {
        var newest = SchemaScripts.Find(options, Dialect.Sqlite).Newest;
        if (Applied(path) is not { } applied || applied >= newest) return;

        var file = BackupFile.Real(path);
        var kept = $"{file}{Ending}{newest.Label}";
        // An upgrade that died between two scripts has kept it already.
        if (File.Exists(kept) && Applied(kept) is { } earlier && earlier < applied) return;
        try
        {
            using var partial = PartialFile.Claim(kept);
            SqliteSnapshot.Copy(file, partial.Path, static _ => 0, static () => { }, static (_, _) => { }, CancellationToken.None);
            partial.Publish(replace: true);
        }
        catch (BackupRefusedException exception)
        {
            throw new DatabaseRefusedException($"The database must be kept before its schema is changed. {exception.Message}", exception);
        }
        KeptAside(options.Logger, applied.Label, kept, newest.Label);
        foreach (var (old, _) in All(file).Skip(Kept)) File.Delete(old);
    }

    /// <summary>The newest copy that this program can go on from; null: there is none.</summary>
    public static string? WayBack(string path, DatabaseOptions options)
    {
        var newest = SchemaScripts.Find(options, Dialect.Sqlite).Newest;
        return All(BackupFile.Real(path)).Select(static it => it.Path).FirstOrDefault(it => Applied(it) <= newest);
    }

    static IEnumerable<(string Path, MigrationVersion Version)> All(string file) =>
        Directory.GetFiles(Path.GetDirectoryName(file)!, $"{Path.GetFileName(file)}{Ending}*")
            .Where(it => it[(file.Length + Ending.Length)..] is { Length: > 0 } label && label.All(char.IsAsciiDigit))
            .Select(it => (Path: it, Version: new MigrationVersion(it[(file.Length + Ending.Length)..])))
            .OrderByDescending(static it => it.Version);

    static MigrationVersion? Applied(string path)
    {
        using var link = SqliteLink.ForReading(path);
        return SchemaMigration.Applied(link.Connection, Dialect.Sqlite);
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The database, of schema version {Applied}, is kept as {Kept} before it is brought to version {Newest}")]
    static partial void KeptAside(ILogger logger, string applied, string kept, string newest);
}
