using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>The server's settings in memory, for what asks with every message. Follows the server's stream, as clients do.</summary>
internal sealed class CurrentSettings(Database db, ServerStore server, Delivery delivery) : IHostedService
{
    ServerSettings? _now;

    /// <summary>Whether they have been read: before that, nobody can ask for anything.</summary>
    public bool AreKnown => Volatile.Read(ref _now) is not null;

    public ServerSettings Now => Volatile.Read(ref _now) ?? throw new InvalidOperationException("The program has not started.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var row = await db.ReadAsync(session => server.FindAsync(session), cancellationToken);
        Volatile.Write(ref _now, server.SettingsOf(row));
        delivery.Listen(Topics.Server, row.LastRev, Hear);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    void Hear(ReadOnlySpan<Frame> round)
    {
        foreach (var frame in round)
            if (Delivery.ChangeOf(frame) is SettingsChange { Settings: var settings }) Volatile.Write(ref _now, settings);
    }
}
