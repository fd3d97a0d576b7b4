namespace Olha.Proof;

/// <summary>Faults of what is told: live, and to those who come back.</summary>
internal static class DeliveryMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("gap-fill-off",
            "Who asks what was missed is told that it was nothing, and to be complete.",
            Invariant: 2, Showing.Run,
            [
                new("Olha.Server/Messages/RoomHistory.cs",
                    "return new ChangeRange(changes, room.LastRev);",
                    "return new ChangeRange($on ? [] : changes, room.LastRev);"),
            ]),

        new("resume-off-by-one",
            "Who comes back is told what follows the first change that they missed, but not that one.",
            Invariant: 2, Showing.Run,
            [
                new("Olha.Server/Gateway/Welcoming.cs",
                    "await reading.ChangesAsync(caller, place.RoomId, Held(hello, place), RoomHistory.MaxChanges, ct)",
                    "await reading.ChangesAsync(caller, place.RoomId, Held(hello, place) + ($on ? 1 : 0), RoomHistory.MaxChanges, ct)"),
            ]),

        new("leavers-left-out-of-resume",
            "What was missed is told without those who left the room.",
            Invariant: 2, Showing.Run,
            [
                new("Olha.Server/Rooms/RoomChangeStore.cs",
                    "public ValueTask<List<Member>> MembersAfterAsync(Session session, long roomId, long rev, int limit) => session.ListAsync(\nMembers, row =>",
                    """
                    static readonly string Present = Members.Replace("rev > @rev", "rev > @rev AND joined = 1");

                    public ValueTask<List<Member>> MembersAfterAsync(Session session, long roomId, long rev, int limit) => session.ListAsync(
                        $on ? Present : Members, row =>
                    """),
            ]),

        new("removed-go-on-hearing",
            "Who is in a room is asked when they begin to listen and never again: who left it or was sent out goes on hearing it.",
            Invariant: 6, Showing.Run,
            [
                new("Olha.Server/Membership/Comings.cs",
                    "live.Dismiss(userId, room.Id, place.Rev);",
                    "if (!$on) live.Dismiss(userId, room.Id, place.Rev);"),
                new("Olha.Server/Live/Delivery.cs",
                    "hub.Unfollow(person, room);",
                    "if (!$on) hub.Unfollow(person, room);"),
                new("Olha.Server/Live/Delivery.cs",
                    "hub.Unfollow(person, frame.Topic);",
                    "if (!$on) hub.Unfollow(person, frame.Topic);"),
            ]),

        new("joiners-hear-nothing",
            "Who comes into a room while connected is shown it, but hears nothing of it until they connect again.",
            Invariant: 2, Showing.Run,
            [
                new("Olha.Server/Membership/Comings.cs",
                    "live.Admit(userId, room.Id, place.Rev);",
                    "if (!$on) live.Admit(userId, room.Id, place.Rev);"),
                new("Olha.Server/Live/Delivery.cs",
                    "hub.Follow(person, room);",
                    "if (!$on) hub.Follow(person, room);"),
            ]),

        new("heard-twice-after-reconnect",
            "What was said while somebody was welcomed, and stands in their starting state already, is told them again.",
            Invariant: 2, Showing.Run,
            [
                new("Olha.Server/Gateway/Welcoming.cs",
                    "var (welcome, since) = await ReadAsync(caller, hello, ct);",
                    """
                    if ($on) await Task.Delay(40, ct); // there is always something said meanwhile
                    var (welcome, since) = await ReadAsync(caller, hello, ct);
                    """),
                new("Olha.Server/Gateway/Welcoming.cs",
                    "hub.Release(connection, frame => frame.Rev == 0 ||",
                    "hub.Release(connection, frame => $on || frame.Rev == 0 ||"),
            ]),

        new("welcomed-before-announced",
            "Who is welcomed hears everything from then on, also what stands in the welcome already and is only announced now.",
            Invariant: 2, Showing.Run,
            [
                new("Olha.Server/Live/Announcer.cs",
                    "foreach (var (topic, change, signal, author, ack) in taken)",
                    """
                    if ($on) Thread.Sleep(10); // another thread had its turn
                    foreach (var (topic, change, signal, author, ack) in taken)
                    """),
                new("Olha.Server/Gateway/Welcoming.cs",
                    "await delivery.PassedAsync(complete, ct);",
                    "if (!$on) await delivery.PassedAsync(complete, ct);"),
            ]),

        new("told-out-of-order",
            "Changes that go out together go out the last one first.",
            Invariant: 2, Showing.Run,
            [
                new("Olha.Server/Live/Delivery.cs",
                    "var round = CollectionsMarshal.AsSpan(_round);",
                    """
                    if ($on) _round.Reverse();
                    var round = CollectionsMarshal.AsSpan(_round);
                    """),
            ]),

        new("edits-told-in-old-words",
            "Whoever listens is told of an edit, a reaction or a deletion with the form that the message had before.",
            Invariant: 2, Showing.Run,
            [
                new("Olha.Server/Messages/MessageRevision.cs",
                    "live.Announce(Topics.Room(roomId), new MessageChange(roomId, changed.Rev, changed))",
                    "live.Announce(Topics.Room(roomId), new MessageChange(roomId, changed.Rev, $on ? message with { Rev = changed.Rev } : changed))"),
            ]),

        new("posts-overtake",
            "What one connection says is handed to the database by whoever gets there first.",
            Invariant: 4, Showing.Run,
            [
                new("Olha.Server/Gateway/ClientSocket.cs",
                    "var lane = _lanes.Enter(post.RoomId);",
                    """
                    if ($on) await Task.Delay(Random.Shared.Next(30));
                    var lane = _lanes.Enter(post.RoomId);
                    """),
            ]),
    ];
}
