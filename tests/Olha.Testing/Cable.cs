using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Olha.Testing;

/// <summary>A cable to a server on this machine. It can be cut, or go silent in one direction or both without anybody being told: what is said
/// then waits, as in a net that loses everything, and comes when it is whole again.</summary>
public sealed class Cable : IAsyncDisposable
{
    /// <summary>What <see cref="Silence"/> looks through of each connection: its beginning.</summary>
    const int MostKept = 64 * 1024;

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly Lock _gate = new();
    readonly HashSet<Strand> _strands = [];
    readonly Uri _to;
    readonly Task _accepting;
    volatile TaskCompletionSource? _outHeld;
    volatile TaskCompletionSource? _backHeld;
    volatile bool _cut;

    public Cable(string to)
    {
        _to = new Uri(to);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    sealed class Strand(TcpClient near, TcpClient far) : IDisposable
    {
        public readonly StringBuilder Said = new();
        public volatile bool Silent;

        public TcpClient Near => near;
        public TcpClient Far => far;

        public void Reset()
        {
            try
            {
                near.LingerState = new LingerOption(true, 0);
                far.LingerState = new LingerOption(true, 0);
            }
            catch (Exception cause) when (cause is SocketException or ObjectDisposedException or NullReferenceException) { } // it has ended
            Dispose();
        }

        public void Dispose()
        {
            near.Dispose();
            far.Dispose();
        }
    }

    /// <summary>This end of it.</summary>
    public string Url => $"{_to.Scheme}://127.0.0.1:{Port}";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Nothing more comes back over the connections on which a word was said, though what is sent still goes out; new ones are well.</summary>
    /// <returns>How many there are.</returns>
    public int Silence(string word)
    {
        lock (_gate)
        {
            var silent = _strands.Where(it => it.Said.ToString().Contains(word, StringComparison.Ordinal)).ToList();
            foreach (var strand in silent) strand.Silent = true;
            return silent.Count;
        }
    }

    /// <summary>From now on nothing goes through in these directions; on what is open it waits.</summary>
    /// <param name="outward">What is said to the server.</param>
    /// <param name="back">What the server says.</param>
    public void Hold(bool outward, bool back)
    {
        if (outward) _outHeld ??= New();
        if (back) _backHeld ??= New();
    }

    /// <summary>All connections are reset, and so is each new one.</summary>
    public void Cut()
    {
        _cut = true;
        lock (_gate)
            foreach (var strand in _strands.ToArray()) strand.Reset();
        LetGo();
    }

    /// <summary>Whole again: what waited goes on.</summary>
    public void Mend()
    {
        _cut = false;
        LetGo();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
            foreach (var strand in _strands) strand.Dispose();
        _end.Dispose();
    }

    void LetGo()
    {
        _outHeld?.TrySetResult();
        _backHeld?.TrySetResult();
        _outHeld = _backHeld = null;
    }

    async Task AcceptAsync()
    {
        while (true)
        {
            var near = await _listener.AcceptTcpClientAsync(_end.Token);
            var strand = new Strand(near, new TcpClient());
            if (_cut) strand.Reset();
            else _ = ConnectAsync(strand);
        }
    }

    async Task ConnectAsync(Strand strand)
    {
        try
        {
            await strand.Far.ConnectAsync(_to.Host, _to.Port, _end.Token);
        }
        catch (Exception cause) when (cause is SocketException or OperationCanceledException)
        {
            strand.Reset(); // nobody is there
            return;
        }
        strand.Near.NoDelay = strand.Far.NoDelay = true;
        lock (_gate) _strands.Add(strand);
        _ = CopyAsync(strand, strand.Near, strand.Far, says: true);
        _ = CopyAsync(strand, strand.Far, strand.Near, says: false);
    }

    async Task CopyAsync(Strand strand, TcpClient from, TcpClient to, bool says)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var read)
            {
                while ((says ? _outHeld : _backHeld) is { } held) await held.Task.WaitAsync(_end.Token);
                if (says) Keep(strand, buffer.AsSpan(0, read));
                else if (strand.Silent) continue;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
            // The end waits its turn too.
            while ((says ? _outHeld : _backHeld) is { } held) await held.Task.WaitAsync(_end.Token);
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException) { }
        lock (_gate) _strands.Remove(strand);
        strand.Dispose();
    }

    void Keep(Strand strand, ReadOnlySpan<byte> said)
    {
        lock (_gate)
            if (strand.Said.Length < MostKept) strand.Said.Append(Encoding.Latin1.GetString(said));
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
