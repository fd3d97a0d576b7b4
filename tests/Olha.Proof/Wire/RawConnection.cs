using System.Net.Sockets;

namespace Olha.Proof;

/// <summary>A TCP connection to the server: bytes as they are, in both directions.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    byte[] _buffer = new byte[16 * 1024];
    int _from;
    int _to;

    /// <summary>Whether the other side ended without taking back what it had written: a FIN, not a reset. Null: it has not ended.</summary>
    public bool? EndedCleanly { get; private set; }

    public static async Task<RawConnection> OpenAsync(Uri server, CancellationToken ct)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(server.Host, server.Port, ct);
        return connection;
    }

    /// <summary>Sends bytes; a connection that the other side has cut takes them without a word.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, ct)..];
        }
        catch (SocketException)
        {
            // What became of it is seen where it is read.
        }
    }

    /// <summary>Sends bytes in parts of this size, each a packet of its own.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, int size, CancellationToken ct)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(size, bytes.Length)..]) await SendAsync(bytes[..Math.Min(size, bytes.Length)], ct);
    }

    /// <summary>Says that nothing more comes from this side.</summary>
    public void EndSending()
    {
        try { _socket.Shutdown(SocketShutdown.Send); }
        catch (SocketException) { }
    }

    /// <summary>The next bytes, as many as are asked for; fewer when the connection ended before.</summary>
    /// <exception cref="ProofException">Nothing came for half a minute.</exception>
    public async Task<byte[]> ReadAsync(int count, CancellationToken ct)
    {
        while (_to - _from < count && await MoreAsync(count, ct)) { }
        return Take(Math.Min(count, _to - _from));
    }

    /// <summary>All up to and with these bytes; what there is when the connection ended before.</summary>
    /// <exception cref="ProofException">Nothing came for half a minute.</exception>
    public async Task<byte[]> ReadToAsync(ReadOnlyMemory<byte> end, CancellationToken ct)
    {
        while (true)
        {
            var at = _buffer.AsSpan(_from, _to - _from).IndexOf(end.Span);
            if (at >= 0) return Take(at + end.Length);
            if (!await MoreAsync(_to - _from + 1, ct)) return Take(_to - _from);
        }
    }

    /// <summary>All that comes until the connection ends.</summary>
    /// <exception cref="ProofException">Nothing came for half a minute.</exception>
    public async Task<byte[]> ReadToEndAsync(CancellationToken ct)
    {
        while (await MoreAsync(_to - _from + 1, ct)) { }
        return Take(_to - _from);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    byte[] Take(int count)
    {
        var taken = _buffer.AsSpan(_from, count).ToArray();
        _from += count;
        return taken;
    }

    async ValueTask<bool> MoreAsync(int wanted, CancellationToken ct)
    {
        if (EndedCleanly is not null) return false;
        if (_from > 0) _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        if (_buffer.Length - _to < 1024 || _buffer.Length < wanted) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, wanted));

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        try
        {
            var got = await _socket.ReceiveAsync(_buffer.AsMemory(_to), patience.Token);
            _to += got;
            if (got == 0) EndedCleanly = true;
        }
        catch (SocketException)
        {
            EndedCleanly = false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ProofException($"Nothing came for {s_patience.TotalSeconds} s.");
        }
        return EndedCleanly is null;
    }
}
