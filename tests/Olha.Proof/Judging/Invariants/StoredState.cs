namespace Olha.Proof;

/// <summary>A part of I2: the database agrees with itself. Places and revisions are numbered once each, and places without a gap.</summary>
internal static class StoredState
{
    public static IEnumerable<Violation> Check(Evidence seen) => seen.Run.Truth.Rooms.SelectMany(room => Room(seen, room));

    static IEnumerable<Violation> Room(Evidence seen, TrueRoom room)
    {
        var rows = seen.Run.Truth.Messages.Where(row => row.RoomId == room.Id).ToList();
        var seqs = rows.Select(static row => row.Seq).ToHashSet();
        for (var seq = room.FirstSeq; seq <= room.LastSeq; seq++)
            if (!seqs.Contains(seq)) yield return new Violation(2, $"room {room.Id} has {room.LastSeq} messages, and none at {seq}", room.Id, seq);
        foreach (var twice in rows.GroupBy(static row => row.Seq).Where(static group => group.Count() > 1))
            yield return new Violation(2, $"room {room.Id} has {twice.Count()} messages at {twice.Key}", room.Id, twice.Key);
        foreach (var row in rows.Where(row => row.Seq > room.LastSeq))
            yield return new Violation(2, $"room {room.Id} counts {room.LastSeq} messages, and has one at {row.Seq}", room.Id, row.Seq);

        var revs = rows.Select(static row => (row.Rev, What: $"message {row.Seq}"))
            .Concat(seen.Run.Truth.Memberships.Where(membership => membership.RoomId == room.Id)
                .Select(static membership => (membership.Form.Rev, What: $"the membership of {membership.UserId}")))
            .Append((room.Rev, "the room itself"));
        foreach (var taken in revs.GroupBy(static it => it.Item1))
        {
            if (taken.Count() > 1)
                yield return new Violation(
                    2, $"revision {taken.Key} of room {room.Id} is that of {string.Join(" and of ", taken.Select(static it => it.Item2))}", room.Id);
            if (taken.Key > room.LastRev)
                yield return new Violation(2, $"room {room.Id} is at {room.LastRev}, and {taken.First().Item2} at {taken.Key}", room.Id);
        }
    }
}
