using System.Data.Common;
using EvolveDb;
using EvolveDb.Migration;
using Microsoft.Extensions.Logging;

namespace Olha.Storage.Schema;

/// <summary>Brings a database's schema up to date. The caller holds the lock that lets one process do so at a time.</summary>
internal static partial class SchemaMigration
{
    const string Table = "schema_versions";

    const string Versions = $"SELECT version FROM {Table} WHERE success AND version IS NOT NULL";

    const string ExistsSqlite = $"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{Table}'";

    const string ExistsPostgres =
        $"SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = '{Table}'";

    public static void Run(DbConnection connection, Dialect dialect, DatabaseOptions options)
    {
        var scripts = SchemaScripts.Find(options, dialect);
        if (Applied(connection, dialect) is { } applied && applied > scripts.Newest)
            throw new SchemaTooNewException(applied.Label, scripts.Newest.Label);

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
            throw new DatabaseRefusedException($"The database's schema can't be brought up to date: {exception.Message}", exception);
        }
    }

    /// <summary>The newest version that was applied; null: the database is none of ours.</summary>
    public static MigrationVersion? Applied(DbConnection connection, Dialect dialect)
    {
        using var command = connection.CreateCommand();
        command.CommandText = dialect == Dialect.Sqlite ? ExistsSqlite : ExistsPostgres;
        if (command.ExecuteScalar() is not > 0L) return null;

        command.CommandText = Versions;
        var versions = new List<MigrationVersion>();
        using var row = command.ExecuteReader();
        while (row.Read()) versions.Add(new(row.GetString(0)));
        return versions.Max();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Schema: {Message}")]
    private static partial void Migrated(ILogger logger, string message);
}
