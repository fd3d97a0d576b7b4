using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Configuration;
using Olha.Server.Presence;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Gateway;

/// <summary>The whole state that a client starts from, read in one snapshot.</summary>
internal sealed class StartingState(Database db, PeopleStore people, PlaceStore places, PresenceBoard presence, ServerOptions options)
{
    public static readonly HeartbeatTimes Heartbeat = new(IntervalMs: 25_000, TimeoutMs: 10_000);

    /// <param name="caller">Whose state.</param>
    /// <param name="hello">What the client holds; null: nothing.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The state, and whether it goes on from what the client holds.</returns>
    public ValueTask<(Welcome Welcome, bool Resumed)> ReadAsync(Caller caller, Hello? hello, CancellationToken ct) =>
        db.ReadAsync(async session =>
        {
            var server = await people.ServerAsync(session);
            var resumed = hello?.Epoch == db.Epoch;
            // Who holds more than there is holds another history.
            var since = resumed && hello?.Server is { } held && held > 0 && held <= server.LastRev ? held : (long?)null;
            var changed = since is { } rev ? await people.AfterAsync(session, rev) : await people.AllAsync(session);
            var me = await people.FindAsync(session, caller.UserId);
            var welcome = new Welcome(
                db.Epoch, me!.ToPerson(), me.LastRev, server.LastRev, server.ToSettings(),
                await places.ListAsync(session, caller.UserId), changed, PeopleComplete: since is null,
                [.. presence.Online.Append(caller.UserId).Distinct()],
                new Limits(options.MessageLength, options.MessagesPerSecond, options.MessageBurst, FrameReader.MaxBytes), Heartbeat);
            return (welcome, resumed);
        }, ct);
}
