using Microsoft.Data.Sqlite;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Holds what a database file holds against what was said to the server.</summary>
internal static class Books
{
    const string Texts = "SELECT room_id, id, seq, rev, cid, body FROM messages WHERE kind = 'text' ORDER BY room_id, seq";

    const string Uneven = """
        SELECT 'room ' || r.id || ': last_seq ' || r.last_seq || ', last_rev ' || r.last_rev || ', but ' || count(m.id) || ' messages up to seq '
            || coalesce(max(m.seq), 0) || ' and rev ' || coalesce(max(m.rev), 0)
        FROM rooms r LEFT JOIN messages m ON m.room_id = r.id
        GROUP BY r.id
        HAVING coalesce(max(m.seq), 0) <> r.last_seq OR count(m.id) <> r.last_seq - r.first_seq + 1 OR coalesce(max(m.rev), 0) > r.last_rev
        """;

    /// <summary>Audits a file that nobody has open; recovers it as SQLite does after a crash, so give a copy of what is to stay as it is.</summary>
    /// <param name="file">The database, with its log beside it.</param>
    /// <param name="acknowledged">What must be in it.</param>
    /// <param name="asked">By cid, everything that was ever said: nothing else may be in it.</param>
    /// <returns>What is wrong, a sentence each.</returns>
    public static IReadOnlyList<string> Audit(string file, IReadOnlyCollection<Ack> acknowledged, IReadOnlyDictionary<string, string> asked)
    {
        try
        {
            using var connection = Open(file);
            var wrong = Sound(connection);
            return wrong.Count > 0 ? wrong : Compare(connection, acknowledged, asked);
        }
        catch (SqliteException exception)
        {
            return [$"It can't be read: {exception.Message}"];
        }
    }

    /// <summary>The same of what was said in a conversation, with everybody's order besides.</summary>
    public static IReadOnlyList<string> Audit(string file, Conversation conversation) =>
        [.. Audit(file, conversation.Everything), .. conversation.Complaints];

    /// <summary>The same of a part of it: all of that must be there which was acknowledged, and nothing that is no part of it.</summary>
    public static IReadOnlyList<string> Audit(string file, IReadOnlyList<Saying> said) =>
    [
        .. Audit(file, [.. said.Where(static it => it.Ack is not null).Select(static it => it.Ack!)], said.ToDictionary(static it => it.Cid, static it => it.Body)),
        .. said.Where(static it => it.Ack is not null && !it.WasRefused).GroupBy(static it => it.Talker).SelectMany(OutOfOrder),
    ];

    /// <summary>The last place that a room of a file has given.</summary>
    public static long LastSeq(string file, long roomId)
    {
        using var connection = Open(file);
        return List(connection, "SELECT id, last_seq FROM rooms", static row => (Id: row.GetInt64(0), Last: row.GetInt64(1))).Single(it => it.Id == roomId).Last;
    }

    /// <summary>Whether SQLite finds the file sound, as sentences about what is not.</summary>
    public static IReadOnlyList<string> Sound(SqliteConnection connection) => [
        .. List(connection, "PRAGMA integrity_check", static row => row.GetString(0)).Where(static it => it != "ok").Select(static it => $"integrity_check: {it}"),
        .. List(connection, "PRAGMA foreign_key_check", static row => $"A row of {row.GetString(0)} refers to nothing in {row.GetString(2)}"),
    ];

    public static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    public static List<T> List<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of the callers'
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var all = new List<T>();
        while (row.Read()) all.Add(read(row));
        return all;
    }

    static List<string> Compare(SqliteConnection connection, IReadOnlyCollection<Ack> acknowledged, IReadOnlyDictionary<string, string> asked)
    {
        var wrong = List(connection, Uneven, static row => row.GetString(0));
        var held = new Dictionary<string, (long Room, long Id, long Seq)>();
        foreach (var (room, id, seq, _, cid, body) in List(connection, Texts, static row => (
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5))))
        {
            if (!asked.TryGetValue(cid, out var words)) wrong.Add($"{cid} at {seq} was never said");
            else if (words != body) wrong.Add($"{cid} at {seq} holds other words than were said");
            if (!held.TryAdd(cid, (room, id, seq))) wrong.Add($"{cid} is there twice, at {held[cid].Seq} and {seq}");
        }

        foreach (var ack in acknowledged)
        {
            if (!held.TryGetValue(ack.Cid, out var found)) wrong.Add($"{ack.Cid} was acknowledged as {ack.Seq} and is gone");
            else if (found != (ack.RoomId, ack.Id, ack.Seq)) wrong.Add($"{ack.Cid} was acknowledged as {ack.Seq} and is at {found.Seq}");
        }
        return wrong;
    }

    static IEnumerable<string> OutOfOrder(IEnumerable<Saying> ofOne)
    {
        var ordered = ofOne.OrderBy(static it => it.Number).ToList();
        foreach (var (first, second) in ordered.Zip(ordered.Skip(1)))
            if (first.Ack!.Seq >= second.Ack!.Seq) yield return $"{first.Cid} was said before {second.Cid}, but is at {first.Ack.Seq} and that at {second.Ack.Seq}";
    }
}
