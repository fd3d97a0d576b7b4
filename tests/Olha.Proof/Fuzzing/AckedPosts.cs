using System.Data.Common;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What the server said that it has stored, by author and cid.</summary>
internal sealed class AckedPosts
{
    readonly Dictionary<(long Author, string Cid), (long Room, long Seq)> _all = [];

    public int Count
    {
        get { lock (_all) return _all.Count; }
    }

    /// <summary>Takes one down; false: the same cid was said to be stored elsewhere before.</summary>
    public bool Add(long author, Ack ack)
    {
        lock (_all) return _all.TryAdd((author, ack.Cid), (ack.RoomId, ack.Seq)) || _all[(author, ack.Cid)] == (ack.RoomId, ack.Seq);
    }

    /// <summary>How many of them are not in the database where they were said to be.</summary>
    public async Task<int> MissingAsync(DbConnection connection, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT author_id, cid, room_id, seq FROM messages WHERE cid IS NOT NULL";
        await using var rows = await command.ExecuteReaderAsync(ct);
        var stored = 0;
        lock (_all)
            while (rows.Read())
                if (_all.TryGetValue((rows.GetInt64(0), rows.GetString(1)), out var said) && said == (rows.GetInt64(2), rows.GetInt64(3))) stored++;
        return Count - stored;
    }
}
