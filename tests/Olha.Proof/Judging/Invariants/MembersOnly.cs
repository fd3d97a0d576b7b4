using Olha.Protocol;

namespace Olha.Proof;

/// <summary>I6: nothing of a room comes to who was not in it.</summary>
/// <remarks>Most of it needs no clock: what has a revision was caused while the room was at it, and the room's own lines say who was in it then.</remarks>
internal static class MembersOnly
{
    /// <summary>What has no revision may still have been on its way when somebody went.</summary>
    const long OnItsWay = 2_000_000;

    public static IEnumerable<Violation> Check(Evidence seen) => Written(seen).Concat(Heard(seen));

    // Who says something is in the room at that very place.
    static IEnumerable<Violation> Written(Evidence seen) => seen.Run.Truth.Messages
        .Where(row => row.Form.Kind == MessageKind.Text
            && !seen.Stays.Of(row.RoomId, row.AuthorId).Any(stay => stay.FromSeq < row.Seq && row.Seq < stay.ToSeq))
        .Select(row => new Violation(
            6, $"{row.RoomId}/{row.Seq} was said by person {row.AuthorId} in a room {Words(seen.Stays.Of(row.RoomId, row.AuthorId))}", row.RoomId, row.Seq));

    static IEnumerable<Violation> Heard(Evidence seen)
    {
        var lag = (long)seen.Run.RevocationLag.TotalMicroseconds;
        foreach (var visit in seen.Visits.Where(static visit => visit.Opened.Hello is not null))
            foreach (var heard in visit.Heard)
                foreach (var said in Faults(seen, lag, visit.PersonId, visit.Opened.At, heard.At, heard.Frame))
                    yield return new Violation(
                        6, $"device {visit.Device} of person {visit.PersonId} heard {said.Said}", said.RoomId, said.Seq, visit.Device, heard.At);
        foreach (var fetched in seen.Run.Entries.OfType<Fetched>())
        {
            var person = seen.PersonOf(fetched.Device);
            foreach (var said in Faults(seen, lag, person, fetched.AskedAt, fetched.At, fetched.Answer))
                yield return new Violation(
                    6, $"device {fetched.Device} of person {person} was given {said.Said}", said.RoomId, said.Seq, fetched.Device, fetched.At);
        }
    }

    static IEnumerable<(string Said, long RoomId, long? Seq)> Faults(Evidence seen, long lag, long person, long askedAt, long at, object what)
    {
        switch (what)
        {
            case MessageChange change when LiveFault(seen, lag, person, change.RoomId, change.Rev, at) is { } why:
                yield return ($"message {change.RoomId}/{change.Message.Seq} at {change.Rev}, {why}", change.RoomId, change.Message.Seq);
                break;
            case MemberChange change when LiveFault(seen, lag, person, change.RoomId, change.Rev, at) is { } why:
                yield return ($"the membership of {change.Member.UserId} at {change.Rev} of room {change.RoomId}, {why}", change.RoomId, null);
                break;
            case RoomChange change when LiveFault(seen, lag, person, change.RoomId, change.Rev, at) is { } why:
                yield return ($"room {change.RoomId} at {change.Rev}, {why}", change.RoomId, null);
                break;
            case SomebodyTyping typing when TimeFault(seen, lag + OnItsWay, person, typing.RoomId, at - OnItsWay, at) is { } why:
                yield return ($"who types in room {typing.RoomId}, {why}", typing.RoomId, null);
                break;
            case RoomChanges changes when ReadFault(seen, lag, person, changes.RoomId, changes.Head, askedAt, at) is { } why:
                yield return ($"changes of room {changes.RoomId} at its head {changes.Head}, {why}", changes.RoomId, null);
                break;
            case MessagePage page when ReadFault(seen, lag, person, page.RoomId, page.Complete, askedAt, at) is { } why:
                yield return ($"a page of room {page.RoomId} at its head {page.Complete}, {why}", page.RoomId, null);
                break;
            case Message message when TimeFault(seen, lag, person, message.RoomId, askedAt, at) is { } why:
                yield return ($"message {message.RoomId}/{message.Seq}, {why}", message.RoomId, message.Seq);
                break;
            case Place { Joined: true } place when ReadFault(seen, lag, person, place.RoomId, place.Head, askedAt, at) is { } why:
                yield return ($"the place in room {place.RoomId} at its head {place.Head}, {why}", place.RoomId, null);
                break;
            case PlaceChange { Place: var place }:
                foreach (var fault in Faults(seen, lag, person, askedAt, at, place)) yield return fault;
                break;
            case StreamChanges changes:
                foreach (var change in changes.Changes.OfType<PlaceChange>())
                    foreach (var fault in Faults(seen, lag, person, askedAt, at, change.Place)) yield return fault;
                break;
            case Welcome welcome:
                foreach (var place in welcome.Rooms)
                    foreach (var fault in Faults(seen, lag, person, askedAt, at, place)) yield return fault;
                break;
        }
    }

    // A form of a time without them may come once they are in it again: members read all of a room's history.
    static string? LiveFault(Evidence seen, long lag, long person, long roomId, long rev, long at)
    {
        var stays = seen.Stays.Of(roomId, person);
        return stays.Any(stay =>
                stay.Has(rev)
                || (stay.FromRev > rev && at >= stay.From && at <= Late(stay.Until, lag))
                || (lag > 0 && stay.ToRev <= rev && at <= Late(stay.Until, lag)))
            ? null
            : Words(stays);
    }

    // A snapshot: who reads it is in the room at the very head that it shows.
    static string? ReadFault(Evidence seen, long lag, long person, long roomId, long head, long askedAt, long at)
    {
        var stays = seen.Stays.Of(roomId, person);
        return stays.Any(stay => stay.Has(head)) ? null
            : lag > 0 ? TimeFault(seen, lag, person, roomId, askedAt, at)
            : Words(stays);
    }

    static string? TimeFault(Evidence seen, long lag, long person, long roomId, long from, long to)
    {
        var stays = seen.Stays.Of(roomId, person);
        return stays.Any(stay => stay.From <= to && Late(stay.Until, lag) >= from) ? null : Words(stays);
    }

    static long Late(long until, long lag) => until > long.MaxValue - lag ? long.MaxValue : until + lag;

    static string Words(IReadOnlyList<Stay> stays) => stays.Count == 0
        ? "which they never were in"
        : "which they were in only " + string.Join(" and ", stays.Select(static stay =>
            stay.ToRev == long.MaxValue ? $"from {stay.FromRev} on" : $"from {stay.FromRev} to {stay.ToRev - 1}"));
}
