using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Gateway;

/// <summary>Closes sockets whose session or access token ended without this node being told: its time is over, or another program wrote
/// it, <c>olha admin</c> for one. Every other end closes them at once.</summary>
internal sealed class EndedSessions(Hub hub, Database db, SessionStore sessions, TokenStore tokens, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan s_every = TimeSpan.FromSeconds(30);

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        // As Caller.SessionId has it: a token's id is below zero.
        var open = hub.Connections.Where(static it => it.Tag != 0).ToLookup(static it => it.Tag);
        if (open.Count == 0) return;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var ended = await db.ReadAsync(async session =>
        {
            var own = await sessions.EndedAsync(session, open.Select(static it => it.Key).Where(static id => id > 0), now);
            var programs = await tokens.EndedAsync(session, open.Select(static it => -it.Key).Where(static id => id > 0), now);
            return own.Concat(programs.Select(static id => -id)).ToList();
        }, ct);
        foreach (var connection in ended.SelectMany(id => open[id])) connection.Close(CloseCode.SessionEnded, retry: null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (DatabaseUnavailableException) { } // it will be asked again
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }
}
