using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A part of I2: what every device holds in the end, and what every node answers, is what the database holds.</summary>
internal static class FinalState
{
    public static IEnumerable<Violation> Check(Evidence seen)
    {
        for (var device = 0; device < seen.Run.Held.Count; device++)
            if (seen.Run.Held[device] is { } held)
                foreach (var violation in Device(seen, device, held)) yield return violation;
        foreach (var served in seen.Run.Served)
            foreach (var violation in Node(seen, served)) yield return violation;
    }

    static IEnumerable<Violation> Device(Evidence seen, int device, Holding held)
    {
        Violation Wrong(string said, long? roomId = null, long? seq = null) => new(2, $"device {device} {said}", roomId, seq, device);

        if (held.Epoch != seen.Run.Truth.Epoch) yield return Wrong($"is in epoch {held.Epoch}, the database in {seen.Run.Truth.Epoch}");
        var person = seen.PersonOf(device);
        var joined = seen.Run.Truth.Memberships.Where(membership => membership.UserId == person && membership.Joined)
            .Select(static membership => membership.RoomId).ToHashSet();
        foreach (var roomId in joined.Except(held.Rooms.Keys)) yield return Wrong($"does not show room {roomId}, which its person is in", roomId);
        foreach (var roomId in held.Rooms.Keys.Except(joined)) yield return Wrong($"shows room {roomId}, which its person is not in", roomId);

        foreach (var roomId in joined.Intersect(held.Rooms.Keys))
        {
            var (room, shown, membership) = (seen.Rooms[roomId], held.Rooms[roomId], seen.Memberships[(roomId, person)]);
            if (shown.Rev != room.LastRev) yield return Wrong($"holds room {roomId} up to {shown.Rev} of {room.LastRev}", roomId);
            foreach (var (seq, said) in Messages(seen, room, Math.Max(shown.From, room.FirstSeq), shown.Messages)) yield return Wrong(said, roomId, seq);
            if (PlaceFault(shown.Place, membership) is { } fault) yield return Wrong(fault, roomId);
            if (RoomFault(shown.Place, room) is { } other) yield return Wrong(other, roomId);
        }
    }

    static IEnumerable<Violation> Node(Evidence seen, Served served)
    {
        Violation Wrong(string said, long roomId, long? seq = null) => new(2, $"node {served.Node} {said}", roomId, seq);

        foreach (var (roomId, messages) in served.Messages)
            if (seen.Rooms.TryGetValue(roomId, out var room))
                foreach (var (seq, said) in Messages(seen, room, room.FirstSeq, messages)) yield return Wrong(said, roomId, seq);
            else yield return Wrong($"serves room {roomId}, which is not in the database", roomId);

        foreach (var membership in seen.Run.Truth.Memberships.Where(static membership => membership.Joined))
        {
            if (!served.Places.TryGetValue((membership.UserId, membership.RoomId), out var place))
            {
                if (seen.Run.People.Contains(membership.UserId) && seen.Run.Rooms.Contains(membership.RoomId))
                    yield return Wrong($"tells person {membership.UserId} nothing of room {membership.RoomId}, which they are in", membership.RoomId);
                continue;
            }
            var room = seen.Rooms[membership.RoomId];
            if (PlaceFault(place, membership) is { } fault) yield return Wrong($"tells person {membership.UserId}: {fault}", membership.RoomId);
            if (RoomFault(place, room) is { } other) yield return Wrong($"tells person {membership.UserId}: {other}", membership.RoomId);
            if (place.Head != room.LastRev || place.LastSeq != room.LastSeq)
                yield return Wrong(
                    $"tells person {membership.UserId} that room {room.Id} is at {place.Head} and its last message {place.LastSeq}, "
                    + $"which are {room.LastRev} and {room.LastSeq}", room.Id);
        }
    }

    static IEnumerable<(long Seq, string Said)> Messages(Evidence seen, TrueRoom room, long from, IReadOnlyDictionary<long, Message> shown)
    {
        for (var seq = from; seq <= room.LastSeq; seq++)
        {
            if (seen.Rows[(room.Id, seq)].FirstOrDefault() is not { } row) continue; // StoredState says so
            if (!shown.TryGetValue(seq, out var message)) yield return (seq, $"lacks message {room.Id}/{seq}");
            else if (Form.TextOf(message) is var text && text != Form.TextOf(row.Form))
                yield return (seq, $"shows message {room.Id}/{seq} in another form than is stored: {Form.Difference(text, Form.TextOf(row.Form))}");
        }
        foreach (var seq in shown.Keys.Where(seq => seq < room.FirstSeq || seq > room.LastSeq))
            yield return (seq, $"shows message {room.Id}/{seq}, which is not stored");
    }

    static string? PlaceFault(Place place, TrueMembership membership)
    {
        var told = (place.Joined, place.Mark, place.Rev, place.Level);
        var stored = (membership.Joined, membership.Mark, membership.PersonRev, membership.Level);
        return told == stored
            ? null
            : $"holds the place in room {place.RoomId} as (joined, mark, revision, level) {told}, stored is {stored}";
    }

    static string? RoomFault(Place place, TrueRoom room) =>
        place.Room is null ? $"holds room {room.Id} without its own row"
        : Form.TextOf(place.Room) is var text && text != Form.TextOf(room.Form)
            ? $"holds room {room.Id} in another form than is stored: {Form.Difference(text, Form.TextOf(room.Form))}"
            : null;
}
