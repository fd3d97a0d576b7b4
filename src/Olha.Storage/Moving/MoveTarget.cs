using Npgsql;
using NpgsqlTypes;
using Olha.Storage.Postgres;
using Olha.Storage.Schema;

namespace Olha.Storage.Moving;

/// <summary>The PostgreSQL database that is moved into, over one connection.</summary>
internal sealed class MoveTarget : IAsyncDisposable
{
    // "olhm": one move at a time. Who was just killed lets go as soon as PostgreSQL notices.
    const string AlonePostgres = "SELECT pg_advisory_lock(1869375597)";

    const string PatiencePostgres = "SELECT set_config('lock_timeout', '10s', FALSE)";

    const string EncodingPostgres = "SHOW server_encoding";

    // But for what an extension has brought.
    const string OthersPostgres = """
        SELECT c.relname::text FROM pg_class c
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.relname
        """;

    const string EpochPostgres = "SELECT value FROM epoch WHERE id = 1";

    const string SetLastIdPostgres = "SELECT setval(pg_get_serial_sequence(@table, @column), @last)";

    readonly NpgsqlDataSource _place;
    readonly NpgsqlConnection _connection;

    MoveTarget(NpgsqlDataSource place, NpgsqlConnection connection) => (_place, _connection) = (place, connection);

    public static async Task<MoveTarget> OpenAsync(string url, CancellationToken ct)
    {
        var place = PostgresPool.ForMoving(url);
        try
        {
            var target = new MoveTarget(place, await place.OpenConnectionAsync(ct));
            await target.RefuseUnsuitableAsync(ct);
            return target;
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }
    }

    /// <summary>Goes on with the copy of this source, or makes an empty schema for one.</summary>
    /// <returns>The tables in the order in which they can be copied, and the epoch that the copy will have.</returns>
    public async Task<(IReadOnlyList<MovedTable> Tables, string Epoch)> BeginAsync(MoveSource source, MoveOptions options, CancellationToken ct)
    {
        // A server that starts on this database at this moment has made its tables before us, or sees the marker.
        await using var turn = await PostgresStart.TakeTurnAsync(_place, ct);
        var marker = await MoveMarker.ReadAsync(_connection, ct);
        if (marker is null) await RefuseOthersAsync(source, ct);
        if (marker is null || options.Restart)
        {
            marker = new(source.Epoch, source.Nonce, source.IsCurrent ? source.Epoch : RandomValue.New(), IsPrepared: false);
            await marker.WriteAsync(_connection, ct);
        }
        if ((marker.SourceEpoch, marker.SourceNonce) != (source.Epoch, source.Nonce))
            throw new MoveRefusedException(MoveObstacle.SourceChanged,
                "The PostgreSQL database holds the unfinished copy of another SQLite database, or of this one before a server opened it again.");

        await using (var migrated = await _place.OpenConnectionAsync(ct))
            await Task.Run(() => SchemaMigration.Run(migrated, Dialect.Postgres, options.Ends), ct);
        var tables = await TargetTables.ReadAsync(_connection, ct);
        if (!marker.IsPrepared) await MoveMarker.PrepareAsync(_connection, tables, ct);
        return (tables, marker.Epoch);
    }

    /// <summary>Up to which row a table was copied.</summary>
    public Task<(string[] Key, long Copied)> PlaceAsync(MovedTable table, CancellationToken ct) => MoveMarker.PlaceAsync(_connection, table, ct);

    /// <summary>Stores the next rows and up to where they go, together.</summary>
    /// <returns>How many; 0: there are no more.</returns>
    public async Task<int> CopyAsync(MovedTable table, SourceRows rows, int most, CancellationToken ct)
    {
        if (!rows.Next()) return 0;
        var copied = 0;
        string[] key;
        await using var transaction = await _connection.BeginTransactionAsync(ct);
        await using (var import = await _connection.BeginBinaryImportAsync(table.CopyIn, ct))
        {
            do
            {
                key = rows.Key();
                await import.StartRowAsync(ct);
                for (var i = 0; i < table.Columns.Count; i++)
                {
                    if (rows.IsNull(i)) await import.WriteNullAsync(ct);
                    else if (table.Columns[i].Kind is ColumnKind.Integer) await import.WriteAsync(rows.Integer(i), NpgsqlDbType.Bigint, ct);
                    else if (table.Columns[i].Kind is ColumnKind.Text) await import.WriteAsync(rows.Text(i), NpgsqlDbType.Text, ct);
                    else if (table.Columns[i].Kind is ColumnKind.Bytes) await import.WriteAsync(rows.Bytes(i), NpgsqlDbType.Bytea, ct);
                    else await import.WriteAsync(rows.Real(i), NpgsqlDbType.Double, ct);
                }
            } while (++copied < most && rows.Next());
            await import.CompleteAsync(ct);
        }
        await MoveMarker.MovePlaceAsync(_connection, table, key, copied, ct);
        await transaction.CommitAsync(ct);
        return copied;
    }

    /// <summary>Ids go on after the last one that was ever given.</summary>
    public async Task SetLastIdAsync(MovedTable table, MovedColumn identity, long last, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SetLastIdPostgres, _connection);
        command.Parameters.Add(new NpgsqlParameter<string>("table", table.QuotedName));
        command.Parameters.Add(new NpgsqlParameter<string>("column", identity.Name));
        command.Parameters.Add(new NpgsqlParameter<long>("last", last));
        await command.ExecuteScalarAsync(ct);
    }

    public async Task AnalyzeAsync(MovedTable table, CancellationToken ct)
    {
        // Also what lets an index alone answer, as counting what is unread needs it.
        await using var command = new NpgsqlCommand($"VACUUM (ANALYZE) {table.QuotedName}", _connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Reads all rows back, as a client gets them.</summary>
    public async Task<RowDigest> DigestAsync(MovedTable table, Action<long> read, CancellationToken ct)
    {
        var digest = new RowDigest();
        await using var export = await _connection.BeginBinaryExportAsync(table.CopyOut, ct);
        while (await export.StartRowAsync(ct) >= 0)
        {
            for (var i = 0; i < table.Columns.Count; i++)
            {
                if (export.IsNull)
                {
                    await export.SkipAsync(ct);
                    digest.Null();
                }
                else if (table.Columns[i].Kind is ColumnKind.Integer) digest.Integer(await export.ReadAsync<long>(NpgsqlDbType.Bigint, ct));
                else if (table.Columns[i].Kind is ColumnKind.Text) digest.Text(await export.ReadAsync<string>(NpgsqlDbType.Text, ct));
                else if (table.Columns[i].Kind is ColumnKind.Bytes) digest.Bytes(await export.ReadAsync<byte[]>(NpgsqlDbType.Bytea, ct));
                else digest.Real(await export.ReadAsync<double>(NpgsqlDbType.Double, ct));
            }
            digest.EndRow();
            if (digest.Rows % 4096 == 0) read(digest.Rows);
        }
        return digest;
    }

    public Task FinishAsync(string epoch, CancellationToken ct) => MoveMarker.FinishAsync(_connection, epoch, ct);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _place.DisposeAsync();
    }

    async Task RefuseUnsuitableAsync(CancellationToken ct)
    {
        await using var encoding = new NpgsqlCommand(EncodingPostgres, _connection);
        if (await encoding.ExecuteScalarAsync(ct) is not "UTF8")
            throw new MoveRefusedException(MoveObstacle.TargetEncoding, "The PostgreSQL database is not encoded in UTF-8.");
        try
        {
            await using var patience = new NpgsqlCommand(PatiencePostgres, _connection);
            await patience.ExecuteNonQueryAsync(ct);
            await using var alone = new NpgsqlCommand(AlonePostgres, _connection);
            await alone.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new MoveRefusedException(MoveObstacle.TargetBusy, "Another move into this PostgreSQL database is at work.", exception);
        }
    }

    async Task RefuseOthersAsync(MoveSource source, CancellationToken ct)
    {
        var others = new List<string>();
        await using (var command = new NpgsqlCommand(OthersPostgres, _connection))
        await using (var row = await command.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct)) others.Add(row.GetString(0));
        if (others.Count == 0) return;

        await using var select = new NpgsqlCommand(EpochPostgres, _connection);
        if (others.Contains("epoch") && await select.ExecuteScalarAsync(ct) is string epoch && epoch == source.Epoch)
            throw new MoveRefusedException(MoveObstacle.TargetFinished, "The PostgreSQL database holds this server already: an earlier move was finished.");
        var some = others.Count > 3 ? $"{string.Join(", ", others.Take(3))} and {others.Count - 3} more" : string.Join(", ", others);
        throw new MoveRefusedException(MoveObstacle.TargetNotEmpty, $"The PostgreSQL database is not empty: it has the tables {some}.");
    }
}
