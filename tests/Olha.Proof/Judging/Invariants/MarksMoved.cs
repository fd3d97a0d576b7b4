using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A part of I8: a read mark moves only for who knew where it was, so that an older device undoes nothing that a newer one read.</summary>
internal static class MarksMoved
{
    public static IEnumerable<Violation> Check(Evidence seen)
    {
        var asked = seen.Run.Entries.OfType<Asked>().Where(static it => it.Step.Act == Act.Read)
            .ToLookup(it => (Person: seen.PersonOf(it.Device), it.RoomId, it.Seq));
        return seen.Visits.SelectMany(visit => Moves(visit)
                .Where(move => !asked[(visit.PersonId, move.RoomId, move.To)].Any(it => it.Replaces is null || it.Replaces == move.From))
                .Select(move => (Move: move, visit.PersonId, visit.Device)))
            .DistinctBy(static it => (it.PersonId, it.Move.Rev))
            .Select(static it => new Violation(
                8, $"person {it.PersonId}'s mark in room {it.Move.RoomId} went from {it.Move.From} to {it.Move.To}, which nobody asked for who knew that it was there",
                it.Move.RoomId, it.Move.To, it.Device, it.Move.At));
    }

    // Where one connection heard every revision in between, so that there was nothing else.
    static IEnumerable<(long RoomId, long Rev, long From, long To, long At)> Moves(Visit visit)
    {
        var marks = new Dictionary<long, long>();
        var last = 0L;
        foreach (var heard in visit.Heard)
        {
            if (heard.Frame is Welcome welcome) (marks, last) = (welcome.Rooms.ToDictionary(static it => it.RoomId, static it => it.Mark), welcome.PersonHead);
            if (heard.Frame is not (PlaceChange or SavedChange or DraftChange)) continue;
            var rev = ((Change)heard.Frame).Rev;
            if (rev != last + 1) marks.Clear();
            last = Math.Max(last, rev);
            if (heard.Frame is not PlaceChange { Place: var place }) continue;

            if (place.Joined && marks.TryGetValue(place.RoomId, out var from) && from != place.Mark)
                yield return (place.RoomId, rev, from, place.Mark, heard.At);
            if (place.Joined) marks[place.RoomId] = place.Mark;
            else marks.Remove(place.RoomId);
        }
    }
}
