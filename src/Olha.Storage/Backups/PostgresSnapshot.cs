using System.Data;
using Npgsql;
using NpgsqlTypes;
using Olha.Storage.Moving;
using Olha.Storage.Postgres;
using Olha.Storage.Schema;

namespace Olha.Storage.Backups;

/// <summary>Copies a PostgreSQL database, as it is at one moment, into a SQLite file, and proves that the two are the same: the way of
/// <see cref="DatabaseMove"/> the other way round.</summary>
/// <remarks>One transaction in REPEATABLE READ: no writer waits for it. Tables, columns and keys are what PostgreSQL's catalogue says.</remarks>
internal static class PostgresSnapshot
{
    const string EpochPostgres = "SELECT value FROM epoch WHERE id = 1";

    // Null: nothing was ever numbered by it.
    const string LastIdPostgres = "SELECT pg_sequence_last_value(pg_get_serial_sequence(@table, @column)::regclass)";

    /// <param name="url">The database.</param>
    /// <param name="to">An empty file.</param>
    /// <param name="options">The schema of this program, and who reads the heads.</param>
    /// <param name="progress">Told of rows.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The heads.</returns>
    public static async Task<string> CopyAsync(string url, string to, BackupOptions options, Action<BackupStep> progress, CancellationToken ct)
    {
        await using var place = PostgresPool.ForMoving(url);
        await using var connection = await place.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        RefuseUnsuitable(connection, options.Source);
        var heads = await options.Audit.Heads(new Session(new PostgresLink(connection, snapshot), snapshot));
        var tables = await TargetTables.ReadAsync(connection, ct);
        var total = 0L;
        foreach (var table in tables) total += await AskAsync<long>(connection, table.SelectCount, ct);

        using var file = SqliteFile.Make(to, tables, options.Source);
        var done = 0L;
        foreach (var table in tables)
        {
            progress(new(BackupPhase.Copy, table.Name, done, total, "rows"));
            var there = await CopyAsync(connection, table, file, more => progress(new(BackupPhase.Copy, table.Name, done + more, total, "rows")), ct);
            var here = file.Digest(table, ct);
            if ((there.Rows, there.Checksum) != (here.Rows, here.Checksum))
                throw new BackupRefusedException(BackupObstacle.Unsound,
                    $"The copy of {table.Name} is not the same: {there.Rows} rows with the checksum {there.Checksum} in PostgreSQL, {here.Rows} with {here.Checksum} in the backup.");
            done += there.Rows;
            if (table.Columns.FirstOrDefault(static column => column.IsIdentity) is { } identity)
                file.SetLastId(table, await AskAsync<long>(connection, LastIdPostgres, ct, ("table", table.QuotedName), ("column", identity.Name)));
        }
        progress(new(BackupPhase.Copy, tables[^1].Name, total, total, "rows"));
        file.Finish(await AskAsync<string>(connection, EpochPostgres, ct) ?? RandomValue.New());
        return heads;
    }

    static async Task<RowDigest> CopyAsync(NpgsqlConnection connection, MovedTable table, SqliteFile file, Action<long> copied, CancellationToken ct)
    {
        var digest = new RowDigest();
        using var rows = file.Into(table);
        var values = new (string Name, object? Value)[table.Columns.Count];
        await using var export = await connection.BeginBinaryExportAsync(table.CopyOut, ct);
        while (await export.StartRowAsync(ct) >= 0)
        {
            for (var i = 0; i < values.Length; i++) values[i] = (MovedTable.Place(i), await ReadAsync(export, table.Columns[i].Kind, digest, ct));
            digest.EndRow();
            rows.Add(values);
            if (digest.Rows % 4096 == 0) copied(digest.Rows);
        }
        return digest;
    }

    static async ValueTask<object?> ReadAsync(NpgsqlBinaryExporter export, ColumnKind kind, RowDigest digest, CancellationToken ct)
    {
        if (export.IsNull)
        {
            await export.SkipAsync(ct);
            digest.Null();
            return null;
        }
        switch (kind)
        {
            case ColumnKind.Integer:
                var number = await export.ReadAsync<long>(NpgsqlDbType.Bigint, ct);
                digest.Integer(number);
                return number;
            case ColumnKind.Text:
                var text = await export.ReadAsync<string>(NpgsqlDbType.Text, ct);
                digest.Text(text);
                return text;
            case ColumnKind.Bytes:
                var bytes = await export.ReadAsync<byte[]>(NpgsqlDbType.Bytea, ct);
                digest.Bytes(bytes);
                return bytes;
            default:
                var real = await export.ReadAsync<double>(NpgsqlDbType.Double, ct);
                digest.Real(real);
                return real;
        }
    }

    static void RefuseUnsuitable(NpgsqlConnection connection, DatabaseOptions options)
    {
        var known = SchemaScripts.Find(options, Dialect.Postgres).Newest;
        var applied = SchemaMigration.Applied(connection, Dialect.Postgres)
            ?? throw new BackupRefusedException(BackupObstacle.SourceForeign, "The PostgreSQL database holds no server of this program.");
        if (applied > known)
            throw new BackupRefusedException(BackupObstacle.SourceTooNew,
                $"The PostgreSQL database has schema version {applied.Label}, this program knows versions up to {known.Label}.");
        if (applied < known)
            throw new BackupRefusedException(BackupObstacle.SourceOutdated,
                $"The PostgreSQL database has schema version {applied.Label}, this program makes backups of version {known.Label}.");
    }

    static async Task<T?> AskAsync<T>(NpgsqlConnection connection, string sql, CancellationToken ct, params (string Name, string Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var (name, value) in parameters) command.Parameters.Add(new NpgsqlParameter<string>(name, value));
        return await command.ExecuteScalarAsync(ct) is T answer ? answer : default;
    }
}
