using Olha.Protocol;

namespace Olha.Proof;

/// <summary>I7: what was acknowledged can be read on every node, at once and in the end; and whatever somebody has seen of a room, nobody who asks
/// later is given less.</summary>
internal static class ReadableEverywhere
{
    public static IEnumerable<Violation> Check(Evidence seen) => InTheEnd(seen).Concat(Meanwhile(seen)).Concat(Kept(seen));

    static IEnumerable<Violation> InTheEnd(Evidence seen)
    {
        foreach (var deed in seen.Deeds)
        {
            if (deed.Ack is not { } ack || (seen.Rooms.TryGetValue(ack.RoomId, out var room) && ack.Seq < room.FirstSeq)) continue;
            foreach (var served in seen.Run.Served)
                if (served.Messages.TryGetValue(ack.RoomId, out var messages) && messages.GetValueOrDefault(ack.Seq)?.Id != ack.Id)
                    yield return new Violation(
                        7, $"{ack.RoomId}/{ack.Seq} (cid {ack.Cid}) was acknowledged, and node {served.Node} does not serve it", ack.RoomId, ack.Seq,
                        deed.Device, deed.Happened);
        }
    }

    static IEnumerable<Violation> Meanwhile(Evidence seen)
    {
        var acks = seen.Deeds.Where(static deed => deed.Ack is not null).Select(static deed => (deed.Happened, Ack: deed.Ack!))
            .OrderBy(static it => it.Happened).ToLookup(static it => it.Ack.RoomId);
        foreach (var (device, askedAt, at, what) in Reads(seen))
        {
            foreach (var (roomId, head, where) in ToldHeads.In(what))
                if (seen.HeadBefore(roomId, askedAt) is var known && head < known)
                    yield return new Violation(
                        7, $"device {device} was told in {where} that room {roomId} is at {head}, {(at - askedAt) / 1000} ms after it had asked; "
                            + $"{known} had been seen before",
                        roomId, null, device, at);
            foreach (var message in MessagesOf(what))
                if (seen.RevBefore(new Thing('m', message.RoomId, message.Seq), askedAt) is var known && message.Rev < known)
                    yield return new Violation(
                        7, $"device {device} was given {message.RoomId}/{message.Seq} at {message.Rev}, which had been seen at {known} before it asked",
                        message.RoomId, message.Seq, device, at);
            if (what is not MessagePage page) continue;
            var (low, high) = RangeOf(page);
            var seqs = page.Messages.Select(static message => message.Seq).ToHashSet();
            foreach (var (happened, ack) in acks[page.RoomId].TakeWhile(it => it.Happened < askedAt))
                if (ack.Seq >= low && ack.Seq <= high && !seqs.Contains(ack.Seq))
                    yield return new Violation(
                        7, $"device {device} was given a page of room {page.RoomId} without {ack.Seq} (cid {ack.Cid}), acknowledged "
                            + $"{(askedAt - happened) / 1000} ms before it asked",
                        page.RoomId, ack.Seq, device, at);
        }
    }

    // What an acknowledgement said of a message holds, or something later does.
    static IEnumerable<Violation> Kept(Evidence seen)
    {
        foreach (var deed in seen.Deeds)
        {
            if (deed.Yes?.Message is not { } told || seen.Rows[(told.RoomId, told.Seq)].FirstOrDefault() is not { } row) continue;
            Violation Wrong(string said) => new(
                7, $"{deed.Act} of {told.RoomId}/{told.Seq} by device {deed.Device} was acknowledged at {told.Rev}, {said}", told.RoomId, told.Seq,
                deed.Device, deed.Happened);

            if (row.Rev < told.Rev) yield return Wrong($"and is stored at {row.Rev}");
            if (deed.Act == Act.Delete && !row.Deleted) yield return Wrong("and is not deleted");
            if (deed.Act == Act.Delete && told.DeletedAt is null) yield return Wrong("in a form that is not deleted");
            if (deed.Act == Act.Pin && told.PinnedAt is null) yield return Wrong("in a form that is not pinned");
            if (deed.Act == Act.Unpin && told.PinnedAt is not null) yield return Wrong("in a form that is pinned");
        }
    }

    static IEnumerable<(int Device, long AskedAt, long At, object What)> Reads(Evidence seen)
    {
        foreach (var fetched in seen.Run.Entries.OfType<Fetched>()) yield return (fetched.Device, fetched.AskedAt, fetched.At, fetched.Answer);
        foreach (var visit in seen.Visits)
            foreach (var heard in visit.Heard)
                if (heard.Frame is Welcome or RoomChanges or Behind) yield return (visit.Device, visit.Opened.At, heard.At, heard.Frame);
    }

    static IEnumerable<Message> MessagesOf(object what) => what switch
    {
        Message message => [message],
        MessagePage page => page.Messages.Concat(page.Parents ?? []),
        RoomChanges changes => changes.Changes.OfType<MessageChange>().Select(static change => change.Message),
        _ => [],
    };

    static (long Low, long High) RangeOf(MessagePage page) => page.Messages.Count == 0
        ? page.HasBefore || page.HasAfter ? (1, 0) : (0, long.MaxValue)
        : (page.HasBefore ? page.Messages[0].Seq : 0, page.HasAfter ? page.Messages[^1].Seq : long.MaxValue);
}
