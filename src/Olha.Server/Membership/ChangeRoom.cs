using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>The room's creator or the server's owner renames it, sets its topic, archives it or opens it again.</summary>
internal sealed class ChangeRoom(
    Database db, RoomStore rooms, StandingStore standings, ServerStore server, SystemLines lines, Announcer live, TimeProvider clock)
{
    public async ValueTask<Outcome<Room>> RunAsync(Caller caller, long roomId, RoomPatchBody body, CancellationToken ct)
    {
        string? name = null, topic = null;
        if (body.Name is not null && !RoomWords.TryReadName(body.Name, out name)) return Refusal.InvalidName;
        if (body.Topic is not null && !RoomWords.TryReadTopic(body.Topic, out topic)) return Refusal.InvalidTopic;

        return await db.WriteAsync<Outcome<Room>>(async tx =>
        {
            await rooms.AdvanceAsync(tx, roomId, 0, 0);
            var standing = await standings.StandingOf(tx, caller.UserId, roomId);
            if (standing.WhyNotManage() is { } refusal) return Nothing(tx, refusal);

            var room = standing.Room!;
            var now = clock.GetStoredNow();
            var changed = room with
            {
                Name = name ?? room.Name,
                Topic = body.Topic is null ? room.Topic : topic,
                ArchivedAt = (body.Archived ?? room.Archived) ? room.ArchivedAt ?? now.ToUnixTimeMilliseconds() : null,
            };
            var told = Lines(room, changed);
            if (told.Count == 0) return Nothing(tx, room.ToRoom());
            if (await WhyNotAsync(tx, standing, room, changed) is { } not) return Nothing(tx, not);
            return await StoreAsync(tx, caller, changed, told, now);
        }, ct);
    }

    static Outcome<Room> Nothing(Transaction tx, Outcome<Room> answer)
    {
        tx.Rollback();
        return answer;
    }

    async Task<Refusal?> WhyNotAsync(Transaction tx, Standing standing, RoomRow room, RoomRow changed)
    {
        if (room.Archived && changed.Archived) return Refusal.Archived;
        if (room.Archived != changed.Archived && standing.WhyNotArchive() is { } refusal) return refusal;
        if (room.RoomKind != RoomKind.Open || room.Name == changed.Name) return null;

        await server.AdvanceAsync(tx, 0); // one open room gets its name at a time
        return await rooms.IsNameTakenAsync(tx, changed.Name!, room.Id) ? Refusal.RoomNameTaken : null;
    }

    // The room's own row takes the first revision, each line the next.
    async Task<Room> StoreAsync(Transaction tx, Caller caller, RoomRow changed, List<SystemLine> told, DateTimeOffset now)
    {
        var heads = (await rooms.AdvanceAsync(tx, changed.Id, 1 + told.Count, told.Count))!;
        var rev = heads.LastRev - told.Count;
        changed = changed with { Rev = rev, LastRev = heads.LastRev, LastSeq = heads.LastSeq };
        await rooms.SetAsync(tx, changed);

        var room = changed.ToRoom();
        tx.AfterCommit(() => live.Announce(Topics.Room(room.Id), new RoomChange(room.Id, rev, room)));
        for (var i = 0; i < told.Count; i++)
        {
            var line = await lines.AddAsync(
                tx, room.Id, heads.LastSeq - told.Count + 1 + i, rev + 1 + i, caller.UserId, told[i], now);
            tx.AfterCommit(() => live.Announce(Topics.Room(room.Id), new MessageChange(room.Id, line.Rev, line)));
        }
        return room;
    }

    static List<SystemLine> Lines(RoomRow before, RoomRow after)
    {
        List<SystemLine> lines = [];
        if (before.Name != after.Name) lines.Add(new SystemLine(SystemEvent.Renamed, null, after.Name));
        if (before.Topic != after.Topic) lines.Add(new SystemLine(SystemEvent.Topic, null, after.Topic));
        if (before.Archived != after.Archived) lines.Add(new SystemLine(after.Archived ? SystemEvent.Archived : SystemEvent.Unarchived, null, null));
        return lines;
    }
}
