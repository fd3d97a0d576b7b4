using System.Diagnostics;

namespace Olha.Server;

/// <summary>Puts the program away in the time that a stop may take, also when a database or a disk no longer answers.</summary>
/// <remarks>What is cut then has been acknowledged to nobody.</remarks>
internal sealed partial class BoundedEnd : IAsyncDisposable
{
    /// <summary>Of the time that a stop may take.</summary>
    const double LastPart = 0.1;

    static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);

    readonly WebApplication _app;
    readonly ILogger _log;
    readonly TimeSpan _whole;
    long _began;

    /// <param name="app">What ends.</param>
    /// <param name="whole">How long a stop may take, from the moment when it is asked for.</param>
    public BoundedEnd(WebApplication app, TimeSpan whole)
    {
        (_app, _log, _whole) = (app, app.Services.GetRequiredService<ILogger<BoundedEnd>>(), whole);
        _began = Stopwatch.GetTimestamp();
        app.Lifetime.ApplicationStopping.Register(() => _began = Stopwatch.GetTimestamp());
    }

    /// <summary>The part of it in which sockets and requests may end by themselves.</summary>
    public static TimeSpan ForGoodbyes(TimeSpan whole) => whole * (1 - LastPart);

    public async ValueTask DisposeAsync()
    {
        var left = _whole - Stopwatch.GetElapsedTime(_began);
        try
        {
            await _app.DisposeAsync().AsTask().WaitAsync(left > s_least ? left : s_least);
        }
        catch (TimeoutException)
        {
            Unanswered(_log);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopped without the database's last answers, which have not come in time. Nothing acknowledged depends on them.")]
    static partial void Unanswered(ILogger log);
}
