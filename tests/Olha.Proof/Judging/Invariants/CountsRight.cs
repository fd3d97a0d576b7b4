using Olha.Protocol;

namespace Olha.Proof;

/// <summary>I8: every unread and mention count that is shown or told equals its recomputation from the messages.</summary>
internal static class CountsRight
{
    public static IEnumerable<Violation> Check(Evidence seen) =>
        Mentions(seen).Concat(Served(seen)).Concat(Shown(seen)).Concat(new CountsMeanwhile(seen).Check());

    /// <summary>Unread texts and those of them that mean the person, above a mark.</summary>
    public static (long Unread, long Mentions) Count(IEnumerable<Message> messages, long person, long mark)
    {
        var unread = messages.Where(message => message.Seq > mark && message.AuthorId != person && message is { Kind: MessageKind.Text, DeletedAt: null })
            .ToList();
        return (unread.Count, unread.Count(message => Means(message, person)));
    }

    static bool Means(Message message, long person) =>
        message.ReplyTo?.AuthorId == person || message.Mentions?.Any(id => id == person || id == 0) == true;

    // The table is another count of what the messages say.
    static IEnumerable<Violation> Mentions(Evidence seen)
    {
        var stored = seen.Run.Truth.Mentions.Select(static it => (it.RoomId, it.Seq, Whom: it.UserId, it.AuthorId)).ToHashSet();
        var meant = seen.Run.Truth.Messages.Where(static row => row is { Deleted: false, Form.Kind: MessageKind.Text }).SelectMany(static row =>
            (row.Form.Mentions ?? []).Concat(row.Form.ReplyTo is { } to && to.AuthorId != row.AuthorId ? [to.AuthorId] : [])
                .Select(id => (row.RoomId, row.Seq, Whom: id, row.AuthorId))).ToHashSet();
        foreach (var it in meant.Except(stored))
            yield return new Violation(8, $"{it.RoomId}/{it.Seq} means {it.Whom}, and no mention of it is stored", it.RoomId, it.Seq);
        foreach (var it in stored.Except(meant))
            yield return new Violation(8, $"a mention of {it.Whom} in {it.RoomId}/{it.Seq} is stored, which does not mean them", it.RoomId, it.Seq);
    }

    static IEnumerable<Violation> Served(Evidence seen)
    {
        foreach (var served in seen.Run.Served)
            foreach (var ((person, roomId), place) in served.Places)
                if (seen.Memberships.TryGetValue((roomId, person), out var membership) && membership.Joined
                    && Fault(seen, membership, place.Unread, place.Mentions) is { } fault)
                    yield return new Violation(8, $"node {served.Node} tells person {person} of room {roomId} {fault}", roomId);
    }

    static IEnumerable<Violation> Shown(Evidence seen)
    {
        for (var device = 0; device < seen.Run.Held.Count; device++)
            foreach (var (roomId, room) in seen.Run.Held[device]?.Rooms ?? new Dictionary<long, HeldRoom>())
                if (seen.Memberships.TryGetValue((roomId, seen.PersonOf(device)), out var membership) && membership.Joined
                    && Fault(seen, membership, room.Unread, room.Mentions) is { } fault)
                    yield return new Violation(8, $"device {device} shows in room {roomId} {fault}", roomId, null, device);
    }

    static string? Fault(Evidence seen, TrueMembership membership, long unread, long mentions)
    {
        var right = Count(
            seen.Run.Truth.Messages.Where(row => row.RoomId == membership.RoomId).Select(static row => row.Form), membership.UserId, membership.Mark);
        return right == (unread, mentions)
            ? null
            : $"{unread} unread and {mentions} mentions, where above the mark {membership.Mark} there are {right.Unread} and {right.Mentions}";
    }
}
