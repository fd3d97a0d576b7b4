using System.Collections.Concurrent;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Presence;

/// <summary>When people were last connected.</summary>
/// <remarks>Written once a minute, all together, so that a person who comes and goes costs a row a minute at most and ten thousand
/// who go at once are twenty units of work. What a crash takes is a minute of this.</remarks>
internal sealed partial class LastSeen(Database db, AccountStore accounts, TimeProvider clock, ILogger<LastSeen> log) : BackgroundService
{
    const int MostTogether = 500;
    static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<long, DateTimeOffset> _unwritten = new();

    /// <summary>Somebody's last socket has closed.</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="ago">How long ago that was at most.</param>
    public void Note(long userId, TimeSpan ago = default) => _unwritten.AddOrUpdate(
        userId, static (_, at) => at, static (_, noted, at) => at > noted ? at : noted, clock.GetStoredNow() - ago);

    /// <summary>When somebody was last connected; null: it is not known.</summary>
    public async ValueTask<DateTimeOffset?> OfAsync(Session session, long userId)
    {
        var stored = await accounts.LastSeenAsync(session, userId);
        return _unwritten.TryGetValue(userId, out var at) && !(stored > at) ? at : stored;
    }

    /// <summary>Writes what has not been written yet.</summary>
    public async Task StoreAsync(CancellationToken ct)
    {
        if (_unwritten.IsEmpty) return;
        // People are locked by id, here as everywhere.
        foreach (var some in _unwritten.ToArray().OrderBy(it => it.Key).Chunk(MostTogether))
        {
            await db.WriteAsync(async tx =>
            {
                foreach (var (userId, at) in some) await accounts.SetLastSeenAsync(tx, userId, at);
                return some.Length;
            }, ct);
            foreach (var written in some) _unwritten.TryRemove(written);
        }
    }

    /// <summary>The last goodbyes are said by then.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryStoreAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) await TryStoreAsync(stoppingToken);
    }

    async Task TryStoreAsync(CancellationToken ct)
    {
        try
        {
            await StoreAsync(ct);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            NotStored(cause);
        }
        catch (OperationCanceledException)
        {
            // The server stops and has no more time.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When people were last seen could not be stored; it is tried again in a minute")]
    partial void NotStored(Exception cause);
}
