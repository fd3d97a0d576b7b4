using Microsoft.Data.Sqlite;
using Npgsql;
using Olha.Storage.Postgres;
using Olha.Storage.Sqlite;

namespace Olha.Storage.Moving;

/// <summary>Copies a SQLite database into an empty PostgreSQL database and proves that the two are the same.</summary>
/// <remarks>Whoever dies at any moment leaves the source as it was and a target that no server opens; the next run goes on from the
/// last stored chunk. Why so: docs/decisions/0011-moving-house.md.</remarks>
public static class DatabaseMove
{
    /// <summary>Runs to the end, or goes on where an earlier run ended.</summary>
    /// <param name="options">What moves where.</param>
    /// <param name="progress">Told often, on any thread, one call at a time.</param>
    /// <param name="ct">Stops after what is under way is given up; nothing of it is stored.</param>
    /// <exception cref="MoveRefusedException">Something stands in the way, or the copy turned out to be another.</exception>
    /// <exception cref="DatabaseRefusedException">The source is served (<see cref="DatabaseInUseException"/>), or one of the two
    /// can't be used.</exception>
    /// <exception cref="DatabaseUnavailableException">PostgreSQL can't be reached, or not any more.</exception>
    public static async Task<MoveReport> RunAsync(MoveOptions options, Action<MoveStep> progress, CancellationToken ct)
    {
        try
        {
            return await Task.Run(() => MoveAsync(options, progress, ct), ct);
        }
        catch (Exception exception) when (ct.IsCancellationRequested && exception is not OperationCanceledException)
        {
            throw new OperationCanceledException("The move was stopped.", exception, ct);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB)
        {
            throw new MoveRefusedException(MoveObstacle.SourceForeign, $"{options.Ends.SqlitePath} is not a SQLite database.", exception);
        }
        catch (SqliteException exception)
        {
            throw SqliteFailure.Translate(exception, atCommit: false);
        }
        catch (Exception exception) when (PostgresFailure.IsUnavailable(exception))
        {
            throw new DatabaseUnavailableException($"PostgreSQL can't be reached, or can't go on: {exception.Message}", inner: exception);
        }
        catch (PostgresException exception)
        {
            throw new DatabaseRefusedException($"PostgreSQL refused: {exception.MessageText}", exception);
        }
    }

    static async Task<MoveReport> MoveAsync(MoveOptions options, Action<MoveStep> progress, CancellationToken ct)
    {
        using var source = MoveSource.Open(options.Ends);
        await using var target = await MoveTarget.OpenAsync(options.Ends.PostgresUrl!, ct);
        var (tables, epoch) = await target.BeginAsync(source, options, ct);
        RefuseOtherColumns(source, tables);

        var total = tables.Sum(source.Count);
        var before = await CopyAsync(source, target, tables, options.ChunkRows, total, progress, ct);
        for (var i = 0; i < tables.Count; i++)
        {
            progress(new(MovePhase.Analyze, tables[i].Name, i, tables.Count));
            if (tables[i].Columns.FirstOrDefault(column => column.IsIdentity) is { } identity && source.LastId(tables[i]) is > 0 and var last)
                await target.SetLastIdAsync(tables[i], identity, last, ct);
            await target.AnalyzeAsync(tables[i], ct);
        }
        progress(new(MovePhase.Analyze, tables[^1].Name, tables.Count, tables.Count));

        var verified = await VerifyAsync(source, target, tables, total, progress, ct);
        source.Retire();
        await target.FinishAsync(epoch, ct);
        return new(verified, before, epoch == source.Epoch);
    }

    /// <returns>Rows that were there already.</returns>
    static async Task<long> CopyAsync(
        MoveSource source, MoveTarget target, IReadOnlyList<MovedTable> tables, int chunk, long total, Action<MoveStep> progress, CancellationToken ct)
    {
        long done = 0, before = 0;
        foreach (var table in tables)
        {
            var (key, copied) = await target.PlaceAsync(table, ct);
            (done, before) = (done + copied, before + copied);
            using var rows = source.RowsAfter(table, key);
            do progress(new(MovePhase.Copy, table.Name, done, total));
            while (await target.CopyAsync(table, rows, chunk, ct) is > 0 and var more && (done += more) > 0);
        }
        progress(new(MovePhase.Copy, tables[^1].Name, done, total));
        return before;
    }

    static async Task<IReadOnlyList<VerifiedTable>> VerifyAsync(
        MoveSource source, MoveTarget target, IReadOnlyList<MovedTable> tables, long total, Action<MoveStep> progress, CancellationToken ct)
    {
        var verified = new List<VerifiedTable>();
        long done = 0;
        foreach (var table in tables)
        {
            progress(new(MovePhase.Verify, table.Name, done, total));
            var there = target.DigestAsync(table, read => progress(new(MovePhase.Verify, table.Name, done + read, total)), ct);
            // Both to their ends, whatever becomes of either: neither connection may go while it is read.
            var digests = await Task.WhenAll(Task.Run(() => source.Digest(table, ct), CancellationToken.None), there);
            var (here, copy) = (digests[0], digests[1]);
            if ((here.Rows, here.Checksum) != (copy.Rows, copy.Checksum))
                throw new MoveRefusedException(MoveObstacle.Differs,
                    $"The copy of {table.Name} is not the same: {here.Rows} rows with the checksum {here.Checksum} in SQLite, {copy.Rows} with {copy.Checksum} in PostgreSQL.");
            done += here.Rows;
            verified.Add(new(table.Name, here.Rows, here.Checksum));
        }
        progress(new(MovePhase.Verify, tables[^1].Name, done, total));
        return verified;
    }

    // Scripts of the operator's own may differ; those of this program are held to be the same by a test.
    static void RefuseOtherColumns(MoveSource source, IReadOnlyList<MovedTable> tables)
    {
        var here = source.Columns();
        here.RemoveWhere(it => it.StartsWith("epoch.", StringComparison.Ordinal) || it.StartsWith("schema_versions.", StringComparison.Ordinal));
        here.SymmetricExceptWith(tables.SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name}")));
        if (here.Count > 0)
            throw new DatabaseRefusedException($"The two schemas are not the same, they differ in {string.Join(", ", here.Order(StringComparer.Ordinal).Take(5))}.");
    }
}
