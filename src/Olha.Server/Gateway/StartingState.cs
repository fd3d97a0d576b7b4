using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Configuration;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Gateway;

/// <summary>The whole state that a client starts from, read in one snapshot.</summary>
internal sealed class StartingState(
    Database db, PeopleDirectory people, ServerStore server, PlaceStore places, SavedStore saved, DraftStore drafts, ServerOptions options)
{
    public static readonly HeartbeatTimes Heartbeat = new(IntervalMs: 25_000, TimeoutMs: 10_000);

    /// <summary>Beyond this many changed people everybody is sent instead.</summary>
    const int MaxChangedPeople = 1000;

    /// <param name="caller">Whose state.</param>
    /// <param name="hello">What the client holds; null: nothing.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The state, and whether it goes on from what the client holds.</returns>
    public ValueTask<(Welcome Welcome, bool Resumed)> ReadAsync(Caller caller, Hello? hello, CancellationToken ct) =>
        db.ReadAsync(async session =>
        {
            var row = await server.FindAsync(session);
            var resumed = hello?.Epoch == db.Epoch;
            var changed = resumed ? await ChangedPeopleAsync(session, hello!.Server, row.LastRev) : null;
            var settings = server.SettingsOf(row);
            var me = await people.FindAsync(session, caller.UserId);
            var welcome = new Welcome(
                db.Epoch, me!, await places.HeadAsync(session, caller.UserId), row.LastRev, settings,
                await places.ListAsync(session, caller.UserId),
                changed ?? await people.EverybodyAsync(session), PeopleComplete: changed is null,
                new Limits((int)settings.MessageLength, settings.MessagesPerMinute / 60.0, options.MessageBurst, FrameReader.MaxBytes), Heartbeat,
                await saved.ListAsync(session, caller.UserId), await drafts.ListAsync(session, caller.UserId));
            return (welcome, resumed);
        }, ct);

    // Who holds more than there is holds another history, and starts afresh.
    async ValueTask<IReadOnlyList<Person>?> ChangedPeopleAsync(Session session, long? held, long head)
    {
        if (held is not > 0 || held > head) return null;
        var changed = await people.ChangedAsync(session, held.Value, MaxChangedPeople);
        return changed.Count < MaxChangedPeople ? changed : null;
    }
}
