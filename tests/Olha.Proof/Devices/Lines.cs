using System.Net;
using System.Net.Sockets;

namespace Olha.Proof;

/// <summary>All connections of one device, over HTTP too: what lies between it and the nodes.</summary>
internal sealed class Lines(Seeded chosen) : IDisposable
{
    static readonly TimeSpan s_atTheLatest = TimeSpan.FromMilliseconds(400);

    readonly Lock _gate = new();
    readonly HashSet<Line> _open = [];
    volatile bool _closed;
    volatile TaskCompletionSource? _away;

    /// <summary>How often lines were cut on purpose.</summary>
    public int Cuts { get; private set; }

    /// <summary>While true nobody gets through, and what is open stands still: a net that is down.</summary>
    public bool Down
    {
        get => _closed;
        set
        {
            _closed = value;
            foreach (var line in Open)
                if (value) line.Stall();
                else line.Open();
        }
    }

    /// <summary>A client whose connections are all in here.</summary>
    public SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5),
        ConnectCallback = async (context, ct) => await ConnectAsync(context.DnsEndPoint, ct),
    };

    /// <summary>Cuts all, in one of many ways: at once, within what goes up or comes down next, or after nothing went through for a while.</summary>
    /// <param name="away">So long nobody gets through again.</param>
    /// <returns>When all are cut.</returns>
    public async Task CutAsync(TimeSpan away)
    {
        Cuts++;
        if (away > TimeSpan.Zero) _ = StayAwayAsync(away);
        var lines = Open;
        var way = chosen.Below(10);
        var bytes = chosen.Below(way < 6 ? 700 : 4000);
        if (way < 3)
        {
            foreach (var line in lines) line.Cut(hard: way == 0);
            return;
        }
        foreach (var line in lines)
            if (way < 6) line.CutAfter(up: bytes, down: null);
            else if (way < 9) line.CutAfter(up: null, down: way == 8 ? 0 : bytes);
            else line.Stall();
        // A stalled one stays so for a moment; whichever does not say enough by then is cut all the same.
        await Task.Delay(s_atTheLatest * (1 + chosen.Below(8)) / 8);
        foreach (var line in lines) line.Cut(hard: chosen.Chance(500));
    }

    async Task StayAwayAsync(TimeSpan away)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _away ??= mine;
        await Task.Delay(away);
        if (_away == mine) _away = null;
        mine.SetResult();
    }

    public void Dispose()
    {
        foreach (var line in Open) line.Cut(hard: false);
    }

    Line[] Open
    {
        get { lock (_gate) return [.. _open]; }
    }

    async ValueTask<Line> ConnectAsync(DnsEndPoint target, CancellationToken ct)
    {
        if (_away is { } away) await away.Task.WaitAsync(ct);
        if (_closed) throw new IOException("The net is down.");
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(target.Host), target.Port, ct);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        var line = new Line(socket, Ended);
        lock (_gate) _open.Add(line);
        if (_closed) line.Stall();
        return line;
    }

    void Ended(Line line)
    {
        lock (_gate) _open.Remove(line);
    }
}
