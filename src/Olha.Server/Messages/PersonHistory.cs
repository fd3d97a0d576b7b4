using Olha.Protocol;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Reads a person's own stream: places, saved messages and drafts, by revision.</summary>
internal sealed class PersonHistory(Database db, PlaceStore places, SavedStore saved, DraftStore drafts)
{
    /// <summary>Changes of each kind in one answer.</summary>
    const int Most = 500;

    /// <summary>What changed after a revision: each thing once, in its present form.</summary>
    public async ValueTask<StreamChanges> ChangesAsync(Session session, long userId, long after)
    {
        var head = await places.HeadAsync(session, userId);
        List<IReadOnlyList<Change>> kinds =
        [
            [.. (await places.ChangedAsync(session, userId, after, Most)).Select(it => new PlaceChange(it.Rev, it))],
            [.. (await saved.ChangedAsync(session, userId, after, Most)).Select(it => new SavedChange(it.Rev, it))],
            [.. (await drafts.ChangedAsync(session, userId, after, Most)).Select(it => new DraftChange(it.Rev, it))],
        ];
        // Where a list was cut off, only what lies below the cut is complete.
        var complete = kinds.Where(it => it.Count == Most).Select(it => it[^1].Rev).Append(head).Min();
        return new StreamChanges(complete, head, [.. kinds.SelectMany(it => it).Where(it => it.Rev <= complete).OrderBy(it => it.Rev)]);
    }

    /// <summary>For listeners on this node that missed a change.</summary>
    public ValueTask<ChangeRange> MissedAsync(long userId, long after, CancellationToken ct) => db.ReadAsync(async session =>
    {
        var range = await ChangesAsync(session, userId, after);
        return new ChangeRange(range.Changes, range.Complete);
    }, ct);
}
