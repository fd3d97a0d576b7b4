using System.Security.Cryptography;
using Olha.Storage;

namespace Olha.Server.Tls;

/// <summary>Keeps the certificate of <c>PUBLIC_URL</c>'s host fresh: the first one as soon as we listen, the next when two thirds of its
/// life are over. Of several nodes one asks at a time, and all show what it got.</summary>
internal sealed partial class Renewal(
    Database db, CertificateStore store, CertificateOrder order, Certificates certificates, IHostApplicationLifetime life,
    TimeProvider clock, ILogger<Renewal> log) : BackgroundService
{
    static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_look = TimeSpan.FromMinutes(1);
    static readonly TimeSpan s_firstLook = TimeSpan.FromSeconds(5); // while there is no certificate
    static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    // After failures in a row. Let's Encrypt forgives five failed proofs in an hour, one more every 12 minutes.
    static readonly TimeSpan[] s_pauses =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(20), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(8),
    ];

    // So that not all servers of the world that were started at one moment come back at one.
    readonly double _jitter = Random.Shared.NextDouble();
    DateTimeOffset _nextLook;
    string? _shown;

    /// <summary>How often it has looked, and done what was due.</summary>
    public int Looks { get; private set; }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Show(await store.FindAsync(cancellationToken));
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = life.ApplicationStarted.Register(listening.SetResult);
        await listening.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(s_tick, clock);
        do await TryAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task TryAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (now < _nextLook) return;
        try
        {
            var row = await store.FindAsync(ct);
            Show(row);
            if (IsDue(row, now)) await db.OncePerClusterAsync("certificate", RenewAsync, ct);
            certificates.Remind();
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            NotLooked(cause);
        }
        Looks++;
        _nextLook = now + (certificates.Shown is null ? s_firstLook : s_look);
    }

    async Task RenewAsync(CancellationToken ct)
    {
        var before = await store.FindAsync(ct);
        Show(before);
        if (!IsDue(before, clock.GetUtcNow())) return; // another node was faster

        var pause = s_pauses[Math.Min(before.Failures, s_pauses.Length - 1)];
        await store.BeginAsync(clock.GetUtcNow() + pause, "the attempt was interrupted", ct);
        Asking(store.Host);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_longest);
        try
        {
            var (key, chain) = await order.RunAsync(patience.Token);
            var got = ServerCertificate.Of(chain, key);
            await store.FinishAsync(key, chain, ct);
            _shown = chain;
            certificates.Show(got);
        }
        catch (Exception cause) when (!ct.IsCancellationRequested && IsRefusal(cause))
        {
            var wait = cause is AcmeException { RetryAfter: { } asked } && asked > pause ? asked : pause;
            var next = clock.GetUtcNow() + wait + wait * (_jitter / 10);
            var reason = cause is OperationCanceledException ? "the authority did not answer in time" : cause.GetBaseException().Message.TrimEnd('.');
            await store.FailAsync(next, reason, ct);
            NotGot(store.Host, reason, next);
            if (certificates.Shown is null) certificates.Reason = reason;
        }
    }

    bool IsDue(CertificateRow row, DateTimeOffset now)
    {
        if (now < row.NotBefore) return false;
        if (certificates.Shown is not { } shown) return true;
        var lifetime = shown.NotAfter - shown.NotBefore;
        return now >= shown.NotBefore + lifetime * (2.0 / 3 + _jitter / 30);
    }

    void Show(CertificateRow row)
    {
        if (certificates.Shown is null) certificates.Reason = row.Reason;
        if (row is not { Key: { } key, Chain: { } chain } || chain == _shown) return;
        try
        {
            certificates.Show(ServerCertificate.Of(chain, key));
        }
        catch (CryptographicException cause)
        {
            NotRead(cause.Message);
        }
        _shown = chain;
    }

    static bool IsRefusal(Exception cause) =>
        cause is AcmeException or HttpRequestException or OperationCanceledException or CryptographicException or IOException;

    [LoggerMessage(Level = LogLevel.Information, Message = "Asking for a certificate for {Host}")]
    partial void Asking(string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No certificate for {Host} was got: {Reason}. The next attempt begins after {Next:u}")]
    partial void NotGot(string host, string reason, DateTimeOffset next);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether a certificate is due could not be told; it is tried again")]
    partial void NotLooked(Exception cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate that is kept can't be used: {Reason}")]
    partial void NotRead(string reason);
}
