using System.Globalization;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>A moderator renames the room, sets its topic, archives it, slows it down, locks it, or takes that back. An administrator
/// besides says how long its messages are kept.</summary>
internal sealed class ChangeRoom(
    Database db, RoomStore rooms, StandingStore standings, ServerStore server, SystemLines lines, AuditStore audit, Announcer live,
    TimeProvider clock)
{
    const int LongestWait = 21_600;

    /// <summary>As a retention: what the server has.</summary>
    const int AsServer = -1;

    public async ValueTask<Outcome<Room>> RunAsync(Caller caller, long roomId, RoomPatchBody body, CancellationToken ct)
    {
        string? name = null, topic = null;
        if (body.Name is not null && !RoomWords.TryReadName(body.Name, out name)) return Refusal.InvalidName;
        if (body.Topic is not null && !RoomWords.TryReadTopic(body.Topic, out topic)) return Refusal.InvalidTopic;
        if (body.SlowModeSeconds is < 0 or > LongestWait || body.RetentionDays is < AsServer or > ChangeSettings.LongestRetention)
            return Refusal.InvalidField;

        return await db.WriteAsync<Outcome<Room>>(async tx =>
        {
            await rooms.AdvanceAsync(tx, roomId, 0, 0);
            var standing = await standings.StandingOf(tx, caller.UserId, roomId);
            if (WhyNotAsk(standing, body) is { } refusal) return Nothing(tx, refusal);

            var room = standing.Room!;
            var now = clock.GetStoredNow();
            var changed = room with
            {
                Name = name ?? room.Name,
                Topic = body.Topic is null ? room.Topic : topic,
                ArchivedAt = (body.Archived ?? room.Archived) ? room.ArchivedAt ?? now.ToUnixTimeMilliseconds() : null,
                SlowMode = body.SlowModeSeconds ?? room.SlowMode,
                IsLocked = body.Locked is { } locked ? (locked ? 1 : 0) : room.IsLocked,
                RetentionDays = body.RetentionDays is { } days ? (days == AsServer ? null : days) : room.RetentionDays,
            };
            if (changed == room) return Nothing(tx, room.ToRoom());
            if (await WhyNotAsync(tx, standing, room, changed) is { } not) return Nothing(tx, not);
            await AuditAsync(tx, caller, room, changed);
            return await StoreAsync(tx, caller, changed, Lines(room, changed), now);
        }, ct);
    }

    // Two questions: how long messages are kept is not the moderators' business, and the rest not that of who is not one.
    static Refusal? WhyNotAsk(Standing standing, RoomPatchBody body) =>
        (body.RetentionDays is null ? null : standing.WhyNotGovern())
        ?? (body.RetentionDays is null || body with { RetentionDays = null } != new RoomPatchBody() ? standing.WhyNotManage() : null);

    static Outcome<Room> Nothing(Transaction tx, Outcome<Room> answer)
    {
        tx.Rollback();
        return answer;
    }

    async Task<Refusal?> WhyNotAsync(Transaction tx, Standing standing, RoomRow room, RoomRow changed)
    {
        if (room.Archived && changed.Archived && room with { RetentionDays = changed.RetentionDays } != changed) return Refusal.Archived;
        if (room.Archived != changed.Archived && standing.WhyNotArchive() is { } refusal) return refusal;
        if (room.RoomKind != RoomKind.Open || room.Name == changed.Name) return null;

        await server.AdvanceAsync(tx, 0); // one open room gets its name at a time
        return await rooms.IsNameTakenAsync(tx, changed.Name!, room.Id) ? Refusal.RoomNameTaken : null;
    }

    // What the room itself is called and about is told in it, and is no act of administration.
    async Task AuditAsync(Transaction tx, Caller caller, RoomRow room, RoomRow changed)
    {
        if (room.Archived != changed.Archived)
            await audit.AddAsync(
                tx, caller.UserId, changed.Archived ? AuditAction.RoomArchived : AuditAction.RoomUnarchived, roomId: room.Id);

        var details = new Dictionary<string, string>();
        if (room.SlowMode != changed.SlowMode) details["slowModeSeconds"] = Figure(changed.SlowMode);
        if (room.Locked != changed.Locked) details["locked"] = changed.Locked ? "on" : "off";
        if (room.RetentionDays != changed.RetentionDays) details["retentionDays"] = Figure(changed.RetentionDays ?? AsServer);
        if (details.Count > 0) await audit.AddAsync(tx, caller.UserId, AuditAction.RoomChanged, roomId: room.Id, details: details);
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
        if (before.SlowMode != after.SlowMode)
            lines.Add(new SystemLine(SystemEvent.SlowMode, null, after.SlowMode > 0 ? Figure(after.SlowMode) : null));
        if (before.Locked != after.Locked) lines.Add(new SystemLine(after.Locked ? SystemEvent.Locked : SystemEvent.Unlocked, null, null));
        return lines;
    }

    static string Figure(long figure) => figure.ToString(CultureInfo.InvariantCulture);
}
