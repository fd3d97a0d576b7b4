namespace Olha.Server.Adoption;

/// <summary>What was said, in the order in which it will be read: by room, time and id.</summary>
/// <param name="Said">The messages without their texts, which are fetched one by one: only this much is held in memory.</param>
/// <param name="OfGone">How many were said by users that are gone.</param>
/// <param name="LeftBehind">How many lay in channels that are gone, and are not among these.</param>
internal sealed record AdoptedHistory(List<AdoptedMessage> Said, long OfGone, long LeftBehind)
{
    /// <param name="messages">By id.</param>
    /// <param name="people">Who is there.</param>
    /// <param name="standInId">Who speaks for those that are gone.</param>
    /// <param name="rooms">Which rooms there are.</param>
    public static async ValueTask<AdoptedHistory> FromAsync(
        IAsyncEnumerable<OldMessage> messages, IReadOnlyList<AdoptedPerson> people, long standInId, IReadOnlyList<AdoptedRoom> rooms)
    {
        var (authors, places) = (people.Select(person => person.Id).ToHashSet(), rooms.Select(room => room.Id).ToHashSet());
        var general = rooms.Single(room => room.General).Id;
        var said = new List<AdoptedMessage>();
        var (ofGone, leftBehind, at) = (0L, 0L, people.Min(person => person.CreatedAt));
        await foreach (var message in messages)
        {
            // What lies in no channel was said where everybody is; what lies in a deleted one was deleted with it.
            var room = message.ChannelId ?? general;
            if (!places.Contains(room))
            {
                leftBehind++;
                continue;
            }

            var known = message.UserId is { } user && authors.Contains(user);
            if (!known) ofGone++;
            // A time that can't be read is that of the message before.
            at = message.CreatedAt ?? at;
            said.Add(new(room, at, message.Id, known ? message.UserId!.Value : standInId));
        }

        said.Sort(static (a, b) => (a.RoomId, a.At, a.Id).CompareTo((b.RoomId, b.At, b.Id)));
        return new(said, ofGone, leftBehind);
    }
}

/// <summary>A message without its text.</summary>
internal readonly record struct AdoptedMessage(long RoomId, long At, long Id, long AuthorId);
