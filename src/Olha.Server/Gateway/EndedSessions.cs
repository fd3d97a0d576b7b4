using System.Diagnostics;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Gateway;

/// <summary>Closes sockets whose session or access token ended without this node being told: its time is over, another program wrote
/// it, <c>olha admin</c> for one, or another node's hint was lost. Every other end closes them at once.</summary>
/// <remarks>One query for all sockets of the node: twice a minute, and where there are other nodes every second and a half, so that with its
/// own time it is over within two.</remarks>
internal sealed partial class EndedSessions(
    Hub hub, Database db, SessionStore sessions, TokenStore tokens, IBackplane backplane, TimeProvider clock, ILogger<EndedSessions> log)
    : BackgroundService
{
    static readonly TimeSpan s_alone = TimeSpan.FromSeconds(30);
    static readonly TimeSpan s_amongOthers = TimeSpan.FromSeconds(1.5);

    /// <summary>A database that is slow to answer is asked less often, but never so that an end is found later than it must be.</summary>
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(3);

    /// <summary>How long the last look took; null: there was none.</summary>
    public TimeSpan? Took { get; private set; }

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        // As Caller.SessionId has it: a token's id is below zero.
        var open = hub.Connections.Where(static it => it.Tag != 0).ToLookup(static it => it.Tag);
        if (open.Count == 0) return;
        var began = Stopwatch.GetTimestamp();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var own = open.Select(static it => it.Key).Where(static id => id > 0).ToList();
        var programs = open.Select(static it => -it.Key).Where(static id => id > 0).ToList();
        var ended = await db.ReadAsync(async session =>
        {
            List<long> ended = own.Count > 0 ? await sessions.EndedAsync(session, own, now) : [];
            if (programs.Count > 0) ended.AddRange((await tokens.EndedAsync(session, programs, now)).Select(static id => -id));
            return ended;
        }, ct);
        foreach (var connection in ended.SelectMany(id => open[id])) connection.Close(CloseCode.SessionEnded, retry: null);
        Took = Stopwatch.GetElapsedTime(began);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, clock, stoppingToken);
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (DatabaseUnavailableException) { } // it will be asked again
                catch (Exception cause) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever it was: nothing else finds an end whose hint was lost.
                    NotLooked(cause);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    TimeSpan Pause
    {
        get
        {
            if (backplane.Hearing is Hearing.Alone) return s_alone;
            var slow = (Took ?? TimeSpan.Zero) * 4;
            return slow < s_amongOthers ? s_amongOthers : slow < s_longest ? slow : s_longest;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Which sessions have ended could not be read; it is asked again")]
    partial void NotLooked(Exception cause);
}
