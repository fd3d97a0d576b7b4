using System.Data.Common;
using Npgsql;

namespace Olha.Storage.Postgres;

/// <summary>One PostgreSQL connection during one unit. Npgsql prepares by itself what comes again.</summary>
internal sealed class PostgresLink(NpgsqlConnection connection, NpgsqlTransaction transaction) : Link
{
    public override Dialect Dialect => Dialect.Postgres;
    public override DbConnection Connection => connection;

    public override ValueTask<List<T>> ListAsync<T>(
        string sql, Func<DbDataReader, T> read, ReadOnlySpan<(string Name, object? Value)> parameters) =>
        ListAsync(Command(sql, parameters), read);

    public override ValueTask<T?> FirstOrDefaultAsync<T>(
        string sql, Func<DbDataReader, T?> read, ReadOnlySpan<(string Name, object? Value)> parameters) where T : default =>
        FirstOrDefaultAsync(Command(sql, parameters), read);

    public override ValueTask<int> ExecuteAsync(string sql, ReadOnlySpan<(string Name, object? Value)> parameters) =>
        ExecuteAsync(Command(sql, parameters));

    public override ValueTask RunAsync(Round round) => RunAsync(round, last: null);

    /// <summary>Runs the round and commits, in one round trip: where a statement fails there is no commit.</summary>
    public ValueTask CommitAsync(Round round) => RunAsync(round, last: "COMMIT");

    async ValueTask RunAsync(Round round, string? last)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var (sql, parameters, _) in round.Statements)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var (name, value) in parameters) command.Parameters.Add(new NpgsqlParameter(name, Accepted(value)));
            batch.BatchCommands.Add(command);
        }
        if (last is not null) batch.BatchCommands.Add(new NpgsqlBatchCommand(last));

        // Statements that return no rows have no result to stand at: the reader passes them by.
        await using var rows = await batch.ExecuteReaderAsync();
        foreach (var (_, _, read) in round.Statements)
        {
            if (read is null) continue;
            await read(rows);
            await rows.NextResultAsync();
        }
        while (await rows.NextResultAsync()) { }
    }

    NpgsqlCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var (name, value) in parameters)
            command.Parameters.Add(new NpgsqlParameter(name, Accepted(value)));
        return command;
    }

    // The same values as SQLite takes, so that what runs on one runs on the other.
    static object Accepted(object? value) => value switch
    {
        null => DBNull.Value,
        int number => (long)number,
        long or string or byte[] or double or DBNull or long[] or long?[] or string?[] or byte[][] => value,
        _ => throw new InvalidOperationException($"A {value.GetType().Name} is no parameter value."),
    };

    static async ValueTask<List<T>> ListAsync<T>(NpgsqlCommand command, Func<DbDataReader, T> read)
    {
        await using var _ = command;
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await row.ReadAsync()) rows.Add(read(row));
        return rows;
    }

    static async ValueTask<T?> FirstOrDefaultAsync<T>(NpgsqlCommand command, Func<DbDataReader, T?> read)
    {
        await using var _ = command;
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? read(row) : default;
    }

    static async ValueTask<int> ExecuteAsync(NpgsqlCommand command)
    {
        await using var _ = command;
        return Math.Max(0, await command.ExecuteNonQueryAsync());
    }
}
