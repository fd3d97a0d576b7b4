using Olha.Storage;

namespace Olha.Server.Adoption;

/// <summary>The Go program whose place this one takes: how a database file of its becomes ours. What was decided where its data
/// leave a choice stands in docs/decisions/0002-adoption.md.</summary>
internal static partial class OriginalProgram
{
    /// <summary>For the storage, which does it when it is opened.</summary>
    public static Predecessor ToAdopt(ILogger logger, TimeProvider clock) => new(
        old => new OriginalTables(old).AreThereAsync(),
        (old, fresh) => ConvertAsync(new(old), new(fresh), logger, clock.GetUtcNow().ToUnixTimeMilliseconds()));

    static async ValueTask ConvertAsync(OriginalTables old, AdoptedTables fresh, ILogger logger, long now)
    {
        var people = AdoptedPerson.From(await old.UsersAsync(), now);
        // Where nobody ever was, nobody said anything; whoever signs up first owns the server.
        if (people.Count == 0) return;

        var rooms = AdoptedRoom.From(await old.ChannelsAsync(), people);
        var standIn = AdoptedPerson.StandIn(people);
        var history = await AdoptedHistory.FromAsync(old.MessagesAsync(), people, standIn.Id, rooms);

        await fresh.AddPeopleAsync(people, rooms.Count, history.OfGone > 0 ? standIn : null);
        await fresh.AddRoomsAsync(rooms, people, history);
        await fresh.AddMessagesAsync(history, people.Count, old.ContentAsync);

        Adopted(logger, people.Count, rooms.Count, history.Said.Count);
        if (history.OfGone > 0) OfGone(logger, history.OfGone, standIn.Username);
        if (history.LeftBehind > 0) LeftBehind(logger, history.LeftBehind);
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Converted what the original program wrote: {People} people, {Rooms} rooms, {Messages} messages")]
    static partial void Adopted(ILogger logger, int people, int rooms, int messages);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Messages} messages of users that are gone are shown as said by {Name}")]
    static partial void OfGone(ILogger logger, long messages, string name);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Messages} messages lay in channels that are gone and were left behind; the copy still holds them")]
    static partial void LeftBehind(ILogger logger, long messages);
}
