using Olha.Protocol;

namespace Olha.Proof;

/// <summary>I5: all see one order, and it is that of real time: what was acknowledged before another was asked for lies before it.</summary>
internal static class OneOrder
{
    public static IEnumerable<Violation> Check(Evidence seen) => RealTime(seen).Concat(OneMessageAPlace(seen)).Concat(OriginalDoor(seen));

    static IEnumerable<Violation> RealTime(Evidence seen)
    {
        var said = seen.Deeds.Where(static deed => deed.Says).Select(deed => (Deed: deed, Seq: seen.SeqOf(deed)))
            .Where(static it => it.Seq is not null).GroupBy(static it => it.Deed.RoomId);
        foreach (var room in said)
        {
            var waiting = new Queue<(Deed Deed, long? Seq)>(room.Where(static it => it.Deed.Yes is not null).OrderBy(static it => it.Deed.Happened));
            (Deed Deed, long? Seq)? highest = null;
            foreach (var later in room.OrderBy(static it => it.Deed.Began))
            {
                while (waiting.TryPeek(out var ended) && ended.Deed.Happened < later.Deed.Began)
                    if (waiting.Dequeue() is var it && (highest is null || it.Seq > highest.Value.Seq)) highest = it;
                if (highest is not { } earlier || earlier.Seq <= later.Seq || earlier.Deed == later.Deed) continue;
                var same = earlier.Deed.PersonId == later.Deed.PersonId;
                yield return new Violation(
                    same ? 4 : 5,
                    $"'{earlier.Deed.Body}' of device {earlier.Deed.Device} was acknowledged at {earlier.Seq} "
                    + $"{(later.Deed.Began - earlier.Deed.Happened) / 1000.0:0.0} ms before device {later.Deed.Device} asked for '{later.Deed.Body}', "
                    + $"which lies at {later.Seq}",
                    room.Key, later.Seq, later.Deed.Device, later.Deed.Began);
            }
        }
    }

    static IEnumerable<Violation> OneMessageAPlace(Evidence seen)
    {
        var byPlace = new Dictionary<(long RoomId, long Seq), (long Id, long AuthorId, string? Cid, string Where)>();
        var byId = new Dictionary<long, (long RoomId, long Seq)>();
        var told = new HashSet<(long RoomId, long Seq)>();
        foreach (var (place, it, at, device) in Sightings(seen))
        {
            var first = byPlace.TryAdd(place, it) ? it : byPlace[place];
            var same = (first.Id, first.AuthorId, first.Cid) == (it.Id, it.AuthorId, it.Cid);
            var placeOfId = byId.TryAdd(it.Id, place) ? place : byId[it.Id];
            if ((same && placeOfId == place) || !told.Add(place)) continue;
            var said = same
                ? $"message {it.Id} lies at {placeOfId.RoomId}/{placeOfId.Seq} and at {place.RoomId}/{place.Seq}"
                : $"{place.RoomId}/{place.Seq} is message {first.Id} of {first.AuthorId}, cid {first.Cid} ({first.Where}), "
                    + $"and message {it.Id} of {it.AuthorId}, cid {it.Cid} ({it.Where})";
            yield return new Violation(5, said, place.RoomId, place.Seq, device >= 0 ? device : null, at == long.MaxValue ? null : at);
        }
    }

    static IEnumerable<((long RoomId, long Seq) Place, (long Id, long AuthorId, string? Cid, string Where) It, long At, int Device)> Sightings(Evidence seen)
    {
        foreach (var form in seen.Forms)
            if (form.Message is { } message)
                yield return ((message.RoomId, message.Seq), (message.Id, message.AuthorId, message.Cid, form.Where), form.At, form.Device);
        foreach (var deed in seen.Deeds)
            if (deed.Ack is { } ack)
                yield return ((ack.RoomId, ack.Seq), (ack.Id, deed.PersonId, ack.Cid, "acknowledged"), deed.Happened, deed.Device);
    }

    // What is told there has no number: it is known by who said what.
    static IEnumerable<Violation> OriginalDoor(Evidence seen)
    {
        var general = seen.Run.Rooms[0];
        foreach (var visit in seen.Visits.Where(static visit => visit.Opened.Hello is null))
        {
            long first = 0, last = 0;
            var heardSeqs = new HashSet<long>();
            foreach (var heard in visit.Heard)
            {
                if (heard.Frame is not OriginalFrame { Type: "Chat", UserId: { } author } chat) continue;
                Violation Wrong(string said, long? seq = null) => new(
                    5, $"the original's door told device {visit.Device} (connection {visit.Connection}) '{chat.Content}', {said}", general, seq,
                    visit.Device, heard.At);

                var seqs = seen.SeqsOf(general, author, chat.Content);
                if (seqs.FirstOrDefault(seq => seen.Rows[(general, seq)].Any()) is not (> 0 and var seq))
                {
                    if (!MayBeLost(seen, general, author)) yield return Wrong("which is in no database");
                    continue;
                }
                if (!heardSeqs.Add(seq)) yield return Wrong("twice", seq);
                else if (seq < last) yield return Wrong($"which lies at {seq}, behind what lies at {last}", seq);
                first = first == 0 ? seq : Math.Min(first, seq);
                last = Math.Max(last, seq);
            }
            for (var seq = first + 1; seq < last; seq++)
            {
                // A tombstone may have been one before its turn came; a line of the system is a notification.
                if (heardSeqs.Contains(seq) || seen.Rows[(general, seq)].FirstOrDefault() is not { Form.Kind: MessageKind.Text, Deleted: false } row) continue;
                yield return new Violation(
                    5, $"the original's door told device {visit.Device} (connection {visit.Connection}) what lies at {first} and at {last}, "
                        + $"and not '{row.Form.Body}' at {seq}",
                    general, seq, visit.Device, visit.Heard.Count > 0 ? visit.Heard[^1].At : null);
            }
        }
    }

    // Words that were edited or deleted before anybody else saw them can be told by nobody any more.
    static bool MayBeLost(Evidence seen, long roomId, long author) => seen.Run.Truth.Messages.Any(row =>
        row.RoomId == roomId && row.AuthorId == author && (row.Edited || row.Deleted)
        && !seen.Forms.Any(form => form.Message is { EditedAt: null, Body: not null } message && message.RoomId == roomId && message.Seq == row.Seq));
}
