using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Reads what the database holds by its tables, with none of the server's code: what it tells wrongly must not be read wrongly alike.</summary>
internal static class TruthReader
{
    const string Epoch = "SELECT value FROM epoch";

    const string Rooms = """
        SELECT id, kind, name, topic, creator_id, direct_key, is_general, created_at, archived_at, first_seq, rev, slow_mode, locked,
            retention_days, last_seq, last_rev
        FROM rooms WHERE deleted_at IS NULL ORDER BY id
        """;

    const string Messages = """
        SELECT id, room_id, seq, rev, author_id, cid, kind, body, created_at, edited_at, deleted_at, reply_to_seq, reply_to_author_id, mentions,
            reactions, pinned_at, pinned_by
        FROM messages ORDER BY room_id, seq, id
        """;

    const string Memberships = """
        SELECT m.room_id, m.user_id, m.joined, m.since, m.rev, m.moderator, m.mark, m.person_rev, m.level, r.kind
        FROM memberships m JOIN rooms r ON r.id = m.room_id WHERE r.deleted_at IS NULL ORDER BY m.room_id, m.user_id
        """;

    const string Mentions = "SELECT room_id, user_id, seq, author_id, kind FROM mentions ORDER BY room_id, seq, user_id";

    /// <summary>Reads everything in one snapshot; the server may be running meanwhile.</summary>
    /// <param name="database">A SQLite file, or <c>postgres://user:password@host:port/database</c>.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="DbException">It is no database of the server's, or is damaged.</exception>
    public static async Task<Truth> ReadAsync(string database, CancellationToken ct)
    {
        await using var connection = Connection(database);
        await connection.OpenAsync(ct);
        await using var snapshot = await SnapshotAsync(connection, ct);
        return new Truth(
            (await ListAsync(snapshot, Epoch, static row => row.GetString(0), ct)).Single(),
            await ListAsync(snapshot, Rooms, ReadRoom, ct),
            await ListAsync(snapshot, Messages, ReadMessage, ct),
            await ListAsync(snapshot, Memberships, ReadMembership, ct),
            await ListAsync(snapshot, Mentions, static row => new TrueMention(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4)), ct));
    }

    static DbConnection Connection(string database) => database.Contains("://", StringComparison.Ordinal)
        ? new NpgsqlConnection(OfUrl(new Uri(database)).ConnectionString)
        : new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false,
        }.ConnectionString);

    static NpgsqlConnectionStringBuilder OfUrl(Uri url)
    {
        var user = url.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = url.Host, Port = url.IsDefaultPort || url.Port < 0 ? 5432 : url.Port, Database = url.AbsolutePath.Trim('/'),
            Username = Uri.UnescapeDataString(user[0]), Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null, Pooling = false,
        };
    }

    // SQLite's own words: a transaction of the driver's would ask for the write lock.
    static async Task<DbTransaction> SnapshotAsync(DbConnection connection, CancellationToken ct) => connection is SqliteConnection sqlite
        ? sqlite.BeginTransaction(deferred: true)
        : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);

    static async Task<List<T>> ListAsync<T>(DbTransaction snapshot, string sql, Func<DbDataReader, T> read, CancellationToken ct)
    {
        await using var command = snapshot.Connection!.CreateCommand();
        // CA2100: the statements are the constants above.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = snapshot;
        await using var rows = await command.ExecuteReaderAsync(ct);
        var list = new List<T>();
        while (await rows.ReadAsync(ct)) list.Add(read(rows));
        return list;
    }

    static TrueRoom ReadRoom(DbDataReader row) => new(row.GetInt64(14), row.GetInt64(15), new Room(
        row.GetInt64(0), Word<RoomKind>(row.GetString(1)), Text(row, 2), Text(row, 3), Number(row, 4), row.GetInt64(6) == 1,
        Text(row, 5)?.Split(',').Select(id => long.Parse(id, CultureInfo.InvariantCulture)).ToArray(), Time(row, 7)!.Value, Time(row, 8),
        row.GetInt64(9), row.GetInt64(10), row.GetInt64(11) is > 0 and var wait ? wait : null, row.GetInt64(12) == 1 ? true : null,
        Number(row, 13)));

    static TrueMessage ReadMessage(DbDataReader row)
    {
        var kind = Word<MessageKind>(row.GetString(6));
        var body = Text(row, 7);
        return new TrueMessage(new Message(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), Text(row, 5), kind,
            kind == MessageKind.Text ? body : null,
            kind == MessageKind.System && body is not null ? JsonSerializer.Deserialize(body, ProtocolJson.Wire.SystemLine) : null,
            Time(row, 8)!.Value, Time(row, 9), Time(row, 10), Number(row, 11) is { } seq ? new ReplyTo(seq, row.GetInt64(12)) : null,
            Text(row, 13) is { } named ? JsonSerializer.Deserialize(named, ProtocolJson.Wire.IReadOnlyListInt64) : null,
            Text(row, 14) is { } put ? JsonSerializer.Deserialize(put, ProtocolJson.Wire.IReadOnlyListReaction) : null,
            Time(row, 15), Number(row, 16)));
    }

    static TrueMembership ReadMembership(DbDataReader row) => new(
        new Member(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2) == 1, Time(row, 3)!.Value, row.GetInt64(4), row.GetInt64(5) == 1 ? true : null),
        row.GetInt64(6), row.GetInt64(7),
        Text(row, 8) is { } level ? Word<RoomLevel>(level) : row.GetString(9) == "direct" ? RoomLevel.Everything : RoomLevel.Mentions);

    static T Word<T>(string word) where T : struct, Enum => Enum.Parse<T>(word, ignoreCase: true);

    static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    static DateTimeOffset? Time(DbDataReader row, int column) =>
        Number(row, column) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
