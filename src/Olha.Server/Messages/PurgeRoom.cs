using System.Globalization;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Removes a room's messages that are too old, or all of a deleted room's: always from the first one that is kept on.</summary>
internal sealed class PurgeRoom(
    Database db, RoomStore rooms, ServerStore server, MessageStore messages, PurgeStore store, AuditStore audit, Announcer live)
{
    /// <summary>Messages that one unit of work removes: whoever posts meanwhile waits for no more.</summary>
    public const int MostTogether = 500;

    /// <param name="roomId">The room.</param>
    /// <param name="now">When the run began: what grows too old during it waits for the next.</param>
    /// <param name="ct">Gives up between two units; the rest is the next run's.</param>
    public async Task RunAsync(long roomId, DateTimeOffset now, CancellationToken ct)
    {
        for (var first = true; ; first = false)
        {
            var begins = first;
            if (!await db.WriteAsync(tx => RemoveSomeAsync(tx, roomId, now, begins), ct)) return;
        }
    }

    // The log says what the run sets out to remove, with the first of it.
    async ValueTask<bool> RemoveSomeAsync(Transaction tx, long roomId, DateTimeOffset now, bool begins)
    {
        var room = await rooms.AdvanceAsync(tx, roomId, 1, 0);
        var deleted = room is null;
        room ??= await rooms.FindDeletedAsync(tx, roomId);
        var end = room is null ? 0 : deleted ? room.LastSeq + 1 : await EndAsync(tx, room, now);
        if (room is null || end <= room.FirstSeq)
        {
            tx.Rollback();
            return false;
        }
        if (begins)
            await audit.AddAsync(tx, null, AuditAction.MessagesPurged, roomId: roomId, details: new Dictionary<string, string>
            {
                ["count"] = (end - room.FirstSeq).ToString(CultureInfo.InvariantCulture),
            });

        var last = Math.Min(end, room.FirstSeq + MostTogether) - 1;
        await store.RemoveAsync(tx, roomId, room.FirstSeq, last);
        var left = room with { FirstSeq = last + 1, Rev = deleted ? room.Rev : room.LastRev };
        await rooms.SetFirstAsync(tx, roomId, left.FirstSeq, left.Rev);
        if (!deleted) tx.AfterCommit(() => live.Announce(Topics.Room(roomId), new RoomChange(roomId, left.Rev, left.ToRoom())));
        return last + 1 < end;
    }

    // The first place that stays. Times never go back along a room's messages but by a moment, so it is found by halving.
    async ValueTask<long> EndAsync(Transaction tx, RoomRow room, DateTimeOffset now)
    {
        var days = room.RetentionDays ?? (await server.FindAsync(tx)).RetentionDays ?? 0;
        if (days <= 0) return room.FirstSeq;

        var cutoff = now - TimeSpan.FromDays(days);
        var (low, high) = (room.FirstSeq, room.LastSeq + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (await messages.SaidAtAsync(tx, room.Id, middle) < cutoff) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
