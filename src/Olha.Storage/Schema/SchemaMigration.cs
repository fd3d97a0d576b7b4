using System.Data.Common;
using EvolveDb;
using EvolveDb.Migration;
using Microsoft.Extensions.Logging;

namespace Olha.Storage.Schema;

/// <summary>Brings a database's schema up to date. The caller holds the lock that lets one process do so at a time.</summary>
internal static partial class SchemaMigration
{
    const string Table = "schema_versions";

    const string Versions = $"SELECT version, description FROM {Table} WHERE success AND version IS NOT NULL";

    const string ExistsSqlite = $"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{Table}'";

    const string ExistsPostgres =
        $"SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = '{Table}'";

    public static void Run(DbConnection connection, Dialect dialect, DatabaseOptions options)
    {
        var scripts = SchemaScripts.Find(options, dialect);
        var applied = AllApplied(connection, dialect);
        if (applied.Max(static it => it.Version) is { } newest && newest > scripts.Newest)
        {
            if (!scripts.MayRunOn(applied)) throw new SchemaTooNewException(newest.Label, scripts.Newest.Label);
            RunsAlong(options.Logger, newest.Label, scripts.Newest.Label);
            return;
        }

        var evolve = new Evolve(connection, message => Migrated(options.Logger, message))
        {
            MetadataTableName = Table,
            IsEraseDisabled = true,
            // A script over a large table takes as long as it takes.
            CommandTimeout = int.MaxValue / 1000,
            // Ours is taken already, by whoever calls.
            EnableClusterMode = false,
        };
        if (scripts.Folder is { } folder)
        {
            evolve.Locations = [folder];
        }
        else
        {
            evolve.EmbeddedResourceAssemblies = [scripts.Assembly];
            evolve.EmbeddedResourceFilters = [scripts.Prefix];
        }

        try
        {
            evolve.Migrate();
        }
        catch (EvolveValidationException exception)
        {
            throw new DatabaseRefusedException($"The database was made by other schema scripts than these: {exception.Message}", exception);
        }
        catch (EvolveException exception)
        {
            // The whole statement stands in that script.
            var script = exception.Message.Split(' ', '\n', '"').FirstOrDefault(static word => word.EndsWith(".sql", StringComparison.Ordinal));
            var reason = exception.GetBaseException().Message.Split('\n')[0].Trim();
            throw new DatabaseRefusedException($"The database's schema can't be brought up to date{(script is null ? "" : $" by {script}")}: {reason}", exception);
        }
    }

    /// <summary>The newest version that was applied; null: the database is none of ours.</summary>
    public static MigrationVersion? Applied(DbConnection connection, Dialect dialect) =>
        AllApplied(connection, dialect).Max(static it => it.Version);

    /// <summary>Every script that was applied; none: the database is none of ours.</summary>
    public static IReadOnlyList<AppliedScript> AllApplied(DbConnection connection, Dialect dialect)
    {
        using var command = connection.CreateCommand();
        command.CommandText = dialect == Dialect.Sqlite ? ExistsSqlite : ExistsPostgres;
        var scripts = new List<AppliedScript>();
        if (command.ExecuteScalar() is not > 0L) return scripts;

        command.CommandText = Versions;
        using var row = command.ExecuteReader();
        while (row.Read()) scripts.Add(new(new(row.GetString(0)), row.GetString(1)));
        return scripts;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Schema: {Message}")]
    private static partial void Migrated(ILogger logger, string message);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The database's schema has version {Found}; this older program, of version {Known}, runs along with newer ones")]
    private static partial void RunsAlong(ILogger logger, string found, string known);
}
