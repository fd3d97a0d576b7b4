using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Comes by once an hour, and a moment after the start, and removes the messages that are kept no longer.</summary>
internal sealed partial class Retention(
    Database db, ServerStore server, RoomStore rooms, PurgeRoom purge, TimeProvider clock, ILogger<Retention> log) : BackgroundService
{
    static readonly TimeSpan s_atFirst = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_every = TimeSpan.FromHours(1);

    /// <summary>Removes now what is kept no longer; nothing while another node is at it.</summary>
    public Task RunAsync(CancellationToken ct) => db.OncePerClusterAsync("retention", PurgeAsync, ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(s_atFirst, clock, stoppingToken).ConfigureAwait(false);
        using var timer = new PeriodicTimer(s_every, clock);
        do await TryAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    async Task PurgeAsync(CancellationToken ct)
    {
        var now = clock.GetStoredNow();
        var due = await db.ReadAsync(async session =>
            await rooms.DueAsync(session, (await server.FindAsync(session)).RetentionDays ?? 0, now), ct);
        foreach (var roomId in due) await purge.RunAsync(roomId, now, ct);
    }

    async Task TryAsync(CancellationToken ct)
    {
        try
        {
            await RunAsync(ct);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            NotPurged(cause);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages that are kept no longer could not be removed; it is tried again in an hour")]
    partial void NotPurged(Exception cause);
}
