using Dapper;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>The rooms' own rows and the heads of their streams.</summary>
internal sealed class RoomStore
{
    const string Columns =
        "id, kind, name, topic, creator_id, direct_key, is_general, created_at, archived_at, first_seq, last_seq, rev, last_rev";

    const string Advance = $"""
        UPDATE rooms SET last_rev = last_rev + @revs, last_seq = last_seq + @seqs WHERE id = @room
        RETURNING {Columns}
        """;

    const string Find = $"SELECT {Columns} FROM rooms WHERE id = @room";

    const string FindGeneral = "SELECT id FROM rooms WHERE is_general = 1";

    /// <summary>Takes the next <paramref name="revs"/> revisions and <paramref name="seqs"/> places, and with them the room's
    /// lock until the unit ends: whoever checks a standing afterwards checks what stays true.</summary>
    /// <returns>The row with its new heads; null: there is no such room. Its <c>Rev</c> is still the row's own.</returns>
    public Task<RoomRow?> AdvanceAsync(Transaction tx, long roomId, int revs, int seqs) =>
        tx.Connection.QueryFirstOrDefaultAsync<RoomRow>(Advance, new { room = roomId, revs, seqs }, tx.DbTransaction);

    public Task<RoomRow?> FindAsync(Session session, long roomId) =>
        session.Connection.QueryFirstOrDefaultAsync<RoomRow>(Find, new { room = roomId }, session.DbTransaction);

    /// <summary>The id of the room that everybody is in; null before the first account.</summary>
    public Task<long?> GeneralAsync(Session session) =>
        session.Connection.QueryFirstOrDefaultAsync<long?>(FindGeneral, transaction: session.DbTransaction);
}
