using System.Data.Common;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Messages that members told the moderators of, each with its present form.</summary>
internal sealed class ReportStore
{
    // The message's columns stand first, as MessageStore reads them.
    const string Columns = """
        t.id, t.room_id, t.seq, t.rev, t.author_id, t.cid, t.kind, t.body, t.created_at, t.edited_at, t.deleted_at, t.reply_to_seq,
        t.reply_to_author_id, t.mentions, t.reactions, t.pinned_at, t.pinned_by,
        p.id, p.reporter_id, p.reason, p.at, p.resolved_at, p.resolved_by
        """;

    const int FirstOfReport = 17;

    const string Insert = """
        INSERT INTO reports (room_id, seq, reporter_id, reason, at) VALUES (@room, @seq, @reporter, @reason, @now)
        ON CONFLICT (room_id, seq, reporter_id) DO NOTHING
        """;

    const string Resolve = "UPDATE reports SET resolved_at = @now, resolved_by = @by WHERE id = @id AND resolved_at IS NULL";

    const string One = $"SELECT {Columns} FROM reports p JOIN messages t ON t.room_id = p.room_id AND t.seq = p.seq WHERE p.id = @id";

    // Of a deleted room nothing is shown, though its messages may still be there.
    const string Everywhere = $"""
        SELECT {Columns} FROM reports p
        JOIN rooms r ON r.id = p.room_id AND r.deleted_at IS NULL
        JOIN messages t ON t.room_id = p.room_id AND t.seq = p.seq
        WHERE p.id < @before AND (@open = 0 OR p.resolved_at IS NULL)
        ORDER BY p.id DESC LIMIT @limit
        """;

    const string InRoom = $"""
        SELECT {Columns} FROM reports p
        JOIN messages t ON t.room_id = p.room_id AND t.seq = p.seq
        WHERE p.room_id = @room AND p.id < @before AND (@open = 0 OR p.resolved_at IS NULL)
        ORDER BY p.id DESC LIMIT @limit
        """;

    const string Rooms = """
        SELECT DISTINCT m.room_id FROM memberships m JOIN reports p ON p.room_id = m.room_id
        WHERE m.user_id = @user AND m.joined = 1
        """;

    /// <summary>Keeps a report; a person's second one of a message is none.</summary>
    public ValueTask<int> AddAsync(Transaction tx, long roomId, long seq, long reporterId, string? reason, DateTimeOffset now) =>
        tx.ExecuteAsync(Insert, ("@room", roomId), ("@seq", seq), ("@reporter", reporterId), ("@reason", reason),
            ("@now", now.ToUnixTimeMilliseconds()));

    /// <returns>1; 0: it was resolved already.</returns>
    public ValueTask<int> ResolveAsync(Transaction tx, long id, long userId, DateTimeOffset now) =>
        tx.ExecuteAsync(Resolve, ("@now", now.ToUnixTimeMilliseconds()), ("@by", userId), ("@id", id));

    public ValueTask<Report?> FindAsync(Session session, long id) => session.FirstOrDefaultAsync(One, Read, ("@id", id));

    /// <summary>Reports of all rooms, the last first.</summary>
    public ValueTask<List<Report>> EverywhereAsync(Session session, long before, bool open, int limit) =>
        session.ListAsync(Everywhere, Read, ("@before", before), ("@open", open ? 1 : 0), ("@limit", limit));

    /// <summary>Reports of one room, the last first.</summary>
    public ValueTask<List<Report>> InRoomAsync(Session session, long roomId, long before, bool open, int limit) =>
        session.ListAsync(InRoom, Read, ("@room", roomId), ("@before", before), ("@open", open ? 1 : 0), ("@limit", limit));

    /// <summary>Rooms that a person is in and of which there are reports.</summary>
    public ValueTask<List<long>> RoomsAsync(Session session, long userId) =>
        session.ListAsync(Rooms, static row => row.GetInt64(0), ("@user", userId));

    static Report Read(DbDataReader row)
    {
        var message = MessageStore.Read(row);
        return new Report(
            row.GetInt64(FirstOfReport), message.RoomId, message, row.GetInt64(FirstOfReport + 1),
            row.IsDBNull(FirstOfReport + 2) ? null : row.GetString(FirstOfReport + 2), Time(row.GetInt64(FirstOfReport + 3)),
            row.IsDBNull(FirstOfReport + 4) ? null : Time(row.GetInt64(FirstOfReport + 4)),
            row.IsDBNull(FirstOfReport + 5) ? null : row.GetInt64(FirstOfReport + 5));
    }

    static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
