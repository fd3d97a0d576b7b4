using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Olha.Testing;

/// <summary>A cable to a server on this machine, over which connections can fall silent without being closed.</summary>
public sealed class Cable : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly Lock _gate = new();
    readonly List<Strand> _strands = [];
    readonly Uri _to;
    readonly Task _accepting;

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

        public void Dispose()
        {
            near.Dispose();
            far.Dispose();
        }
    }

    /// <summary>This end of it.</summary>
    public string Url => $"{_to.Scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

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

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
            foreach (var strand in _strands) strand.Dispose();
        _end.Dispose();
    }

    async Task AcceptAsync()
    {
        while (true)
        {
            var near = await _listener.AcceptTcpClientAsync(_end.Token);
            var far = new TcpClient();
            await far.ConnectAsync(_to.Host, _to.Port, _end.Token);
            var strand = new Strand(near, far);
            lock (_gate) _strands.Add(strand);
            _ = CopyAsync(strand, near, far, says: true);
            _ = CopyAsync(strand, far, near, says: false);
        }
    }

    async Task CopyAsync(Strand strand, TcpClient from, TcpClient to, bool says)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var read)
            {
                if (says)
                    lock (_gate) strand.Said.Append(Encoding.Latin1.GetString(buffer, 0, read));
                else if (strand.Silent) continue;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException) { }
        strand.Dispose();
    }
}
