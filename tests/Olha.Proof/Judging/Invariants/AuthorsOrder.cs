namespace Olha.Proof;

/// <summary>I4: what one author does keeps its order: posts sent one behind the other over a connection, posts that waited for each other, and
/// what was written into the same place last.</summary>
internal static class AuthorsOrder
{
    public static IEnumerable<Violation> Check(Evidence seen) => Pipelined(seen).Concat(LastWords(seen));

    // Each connection's posts to a room are stored in the order in which they came. When the second went nowhere without the first before it,
    // or after the first one's acknowledgement, it lies behind it, however often both were asked for.
    static IEnumerable<Violation> Pipelined(Evidence seen)
    {
        var said = seen.Deeds.Where(static deed => deed.Says).GroupBy(static deed => (deed.Device, deed.RoomId));
        foreach (var posts in said)
        {
            var stored = posts.Select(deed => (Deed: deed, Seq: seen.SeqOf(deed))).Where(static it => it.Seq is not null).ToList();
            for (var second = 1; second < stored.Count; second++)
            {
                for (var first = 0; first < second; first++)
                {
                    var (a, b) = (stored[first], stored[second]);
                    if (a.Seq < b.Seq || !IsOrdered(seen, a.Deed, b.Deed, b.Seq!.Value)) continue;
                    yield return new Violation(
                        4, $"device {a.Deed.Device} said '{a.Deed.Body}' and then '{b.Deed.Body}' in room {a.Deed.RoomId}; they lie at {a.Seq} and {b.Seq}",
                        a.Deed.RoomId, b.Seq, a.Deed.Device, b.Deed.Began);
                }
            }
        }
    }

    // Asked for twice over one connection: it was refused for now, and another one may have passed it.
    static bool IsOrdered(Evidence seen, Deed first, Deed second, long secondSeq) => second.Attempts.All(then =>
        first.Happened < then.At
        || (then.Connection != 0
            && first.Attempts.Where(before => before.Connection == then.Connection).ToList() is [var before] && before.At <= then.At
            && Stayed(seen, first, secondSeq)));

    // A post that was read while its author was not in the room was refused, over a connection that may have broken before it told: what
    // came behind it, after they had been let in again, has passed it (seeds 301, 302 and 308 on PostgreSQL).
    static bool Stayed(Evidence seen, Deed first, long secondSeq)
    {
        var second = new Thing('m', first.RoomId, secondSeq);
        var stored = seen.Forms.Where(form => form.Thing == second).Select(static form => form.Rev).DefaultIfEmpty().Min();
        return seen.Stays.Of(first.RoomId, first.PersonId)
            .Any(stay => stay.Has(stored) && seen.Reached(first.RoomId, stay.FromRev) <= first.Began);
    }

    static IEnumerable<Violation> LastWords(Evidence seen)
    {
        var edits = seen.Deeds.Where(static deed => deed is { Act: Act.Edit, Seq: not null, AllRefused: false });
        foreach (var group in edits.GroupBy(static deed => (deed.RoomId, Seq: deed.Seq!.Value)))
        {
            if (seen.Rows[group.Key].FirstOrDefault() is not { Deleted: false } row) continue;
            foreach (var edit in group.Where(static edit => edit.Yes?.Message is not null && edit.Yes.Message.Body != edit.Body))
                yield return Wrong(edit, group.Key.Seq, $"was answered with '{edit.Yes!.Message!.Body}'");

            // Whose words stand there; null: the first ones. No acknowledged edit may have begun after that one had happened.
            var winner = group.FirstOrDefault(edit => edit.Body == row.Form.Body);
            foreach (var lost in group.Where(edit => edit.Yes is not null && edit.Body != row.Form.Body && edit.Began > (winner?.Happened ?? 0)))
                yield return Wrong(
                    lost, group.Key.Seq,
                    $"was acknowledged, and the message says '{row.Form.Body}', "
                    + (winner is null ? "to which nobody edited it" : $"whose edit had been acknowledged {(lost.Began - winner.Happened) / 1000} ms before"));
        }
    }

    static Violation Wrong(Deed edit, long seq, string what) =>
        new(4, $"the edit of {edit.RoomId}/{seq} to '{edit.Body}' by device {edit.Device} {what}", edit.RoomId, seq, edit.Device, edit.Happened);
}
