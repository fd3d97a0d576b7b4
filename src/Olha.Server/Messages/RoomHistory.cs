using Olha.Protocol;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Reads a room's stream: pages of messages by place, and what was missed by revision.</summary>
internal sealed class RoomHistory(Database db, RoomChangeStore rooms, MessageStore messages)
{
    /// <summary>Changes that one range holds at most.</summary>
    public const int MaxChanges = 500;

    /// <summary>A deleted room's stream is complete: nothing more comes, and nothing is to be waited for.</summary>
    const long Ended = long.MaxValue - 1;

    /// <summary>Messages next to each other, in one snapshot with the room's head.</summary>
    /// <param name="session">The snapshot.</param>
    /// <param name="room">The room as this snapshot has it.</param>
    /// <param name="query">Where the page lies.</param>
    /// <param name="read">The reader's unread state in this snapshot.</param>
    public async ValueTask<MessagePage> PageAsync(Session session, RoomRow room, PageQuery query, ReadState read)
    {
        var limit = query.Limit;
        List<Message> page;
        bool hasBefore, hasAfter;
        if (await PlaceOfAsync(session, room, query) is { } around)
        {
            var upTo = (limit + 1) / 2;
            var below = await messages.BelowAsync(session, room.Id, around + 1, upTo + 1);
            var above = await messages.AboveAsync(session, room.Id, around, limit - upTo + 1);
            hasBefore = Trim(below, upTo);
            hasAfter = Trim(above, limit - upTo);
            below.Reverse();
            page = [.. below, .. above];
        }
        else if (query.After is { } after)
        {
            page = await messages.AboveAsync(session, room.Id, after, limit + 1);
            hasAfter = Trim(page, limit);
            hasBefore = after >= room.FirstSeq && room.LastSeq >= room.FirstSeq;
        }
        else
        {
            var before = query.Before ?? long.MaxValue;
            page = await messages.BelowAsync(session, room.Id, before, limit + 1);
            hasBefore = Trim(page, limit);
            hasAfter = before <= room.LastSeq;
            page.Reverse();
        }
        return new MessagePage(room.Id, page, room.LastRev, hasBefore, hasAfter, read, await ParentsAsync(session, page));
    }

    // Times never go back along a room's messages but by a moment, so a time is found by halving.
    async ValueTask<long?> PlaceOfAsync(Session session, RoomRow room, PageQuery query)
    {
        if (query.At is not { } at) return query.Around;

        var (low, high) = (room.FirstSeq, room.LastSeq);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (await messages.SaidAtAsync(session, room.Id, middle) < at) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    // What is answered in the page and does not stand in it.
    async ValueTask<IReadOnlyList<Message>?> ParentsAsync(Session session, List<Message> page)
    {
        List<Message>? parents = null;
        foreach (var seq in page.Select(message => message.ReplyTo?.Seq).OfType<long>().Distinct())
            if ((seq < page[0].Seq || seq > page[^1].Seq) && await messages.FindAsync(session, page[0].RoomId, seq) is { } parent)
                (parents ??= []).Add(parent);
        return parents;
    }

    /// <summary>What changed after a revision, by revision, each thing once in its present form.</summary>
    public async ValueTask<ChangeRange> ChangesAsync(Session session, RoomRow room, long after, int limit)
    {
        var said = await messages.ChangedAsync(session, room.Id, after, limit);
        var moved = await rooms.MembersAfterAsync(session, room.Id, after, limit);

        List<Change> changes = [.. said.Select(message => new MessageChange(room.Id, message.Rev, message)),
            .. moved.Select(member => new MemberChange(room.Id, member.Rev, member))];
        if (room.Rev > after) changes.Add(new RoomChange(room.Id, room.Rev, room.ToRoom()));
        changes.Sort(static (a, b) => a.Rev.CompareTo(b.Rev));

        // When either list was cut off, only what lies below the cut is complete.
        if (said.Count < limit && moved.Count < limit && changes.Count <= limit) return new ChangeRange(changes, room.LastRev);
        changes.RemoveRange(limit, changes.Count - limit);
        return new ChangeRange(changes, changes[^1].Rev);
    }

    /// <summary>For listeners on this node that missed a change: no person asks, so no standing is needed.</summary>
    public ValueTask<ChangeRange> MissedAsync(long roomId, long after, CancellationToken ct) =>
        db.ReadAsync(async session => await rooms.RoomAsync(session, roomId) is { } room
            ? await ChangesAsync(session, room, after, MaxChanges)
            : new ChangeRange([], Ended), ct);

    // One more than asked for was read, to know whether there is more.
    static bool Trim(List<Message> page, int limit)
    {
        if (page.Count <= limit) return false;
        page.RemoveRange(limit, page.Count - limit);
        return true;
    }
}

/// <summary>Where a page of messages lies.</summary>
/// <param name="Before">Below this <c>seq</c>.</param>
/// <param name="After">Above this <c>seq</c>.</param>
/// <param name="Around">This <c>seq</c> and what lies next to it.</param>
/// <param name="At">The first message said then or later, and what lies next to it; behind the last one, the last.</param>
/// <param name="Limit">1-200 messages.</param>
internal sealed record PageQuery(long? Before, long? After, long? Around, DateTimeOffset? At, int Limit)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>At most one of the four places; without any: the newest page.</summary>
    public static Outcome<PageQuery> From(long? before, long? after, long? around, DateTimeOffset? at, int? limit)
    {
        var places = (before is null ? 0 : 1) + (after is null ? 0 : 1) + (around is null ? 0 : 1) + (at is null ? 0 : 1);
        if (places > 1 || limit is < 1 or > MaxLimit || around is < 0 or long.MaxValue || before < 0 || after < 0)
            return Refusal.InvalidField;
        return new PageQuery(before, after, around, at, limit ?? DefaultLimit);
    }
}
