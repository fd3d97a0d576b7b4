using System.Net.Sockets;

namespace Olha.Proof;

/// <summary>One connection to a node that can be cut at any byte, or stalled. It is the client's side of the wire: bytes that are not read
/// stay in the kernel and hold the server back, as they would behind a proxy.</summary>
internal sealed class Line(Socket socket, Action<Line> ended) : Stream
{
    readonly NetworkStream _wire = new(socket, ownsSocket: true);
    long _upLeft = long.MaxValue;
    long _downLeft = long.MaxValue;
    volatile TaskCompletionSource? _stalled;
    int _cut;

    /// <summary>The line breaks when so many more bytes have gone up or come down. Those that went up before arrive.</summary>
    public void CutAfter(long? up, long? down)
    {
        if (up is { } above) Volatile.Write(ref _upLeft, above);
        if (down is { } below) Volatile.Write(ref _downLeft, below);
    }

    /// <summary>The line breaks now.</summary>
    /// <param name="hard">With a reset, which throws away what is on the way; otherwise with an end that is in order.</param>
    public void Cut(bool hard)
    {
        if (Interlocked.Exchange(ref _cut, 1) != 0) return;
        try
        {
            if (hard) socket.LingerState = new LingerOption(true, 0);
            else socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException) { } // It broke by itself.
        catch (ObjectDisposedException) { }
        _wire.Dispose();
        Open();
        ended(this);
    }

    /// <summary>Nothing goes through, either way, until <see cref="Open"/> or a cut.</summary>
    public void Stall() => _stalled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open()
    {
        _stalled?.TrySetResult();
        _stalled = null;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_stalled is { } stalled) await stalled.Task.WaitAsync(cancellationToken);
        var left = Volatile.Read(ref _downLeft);
        if (left <= 0 && buffer.Length > 0)
        {
            // The answer has come as far as the machine, not as far as the device.
            if (await _wire.ReadAsync(buffer, cancellationToken) > 0) Cut(hard: true);
            throw new IOException("The line was cut.");
        }
        var count = await _wire.ReadAsync(left < buffer.Length ? buffer[..(int)left] : buffer, cancellationToken);
        if (_stalled is { } since) await since.Task.WaitAsync(cancellationToken);
        var cutMeanwhile = Volatile.Read(ref _cut) != 0;
        if (cutMeanwhile) throw new IOException("The line was cut.");
        // A limit that was set while this was waiting counts from here.
        left = Volatile.Read(ref _downLeft);
        if (left == long.MaxValue) return count;
        var taken = (int)Math.Min(count, left);
        Volatile.Write(ref _downLeft, left - taken);
        if (taken < count) Cut(hard: true);
        return taken > 0 || count == 0 ? taken : throw new IOException("The line was cut.");
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_stalled is { } stalled) await stalled.Task.WaitAsync(cancellationToken);
        var left = Volatile.Read(ref _upLeft);
        if (left >= buffer.Length)
        {
            if (left != long.MaxValue) Volatile.Write(ref _upLeft, left - buffer.Length);
            await _wire.WriteAsync(buffer, cancellationToken);
            return;
        }
        await _wire.WriteAsync(buffer[..(int)left], cancellationToken);
        Cut(hard: false);
        throw new IOException("The line was cut.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Cut(hard: false);
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        await ReadAsync(buffer.AsMemory(offset, count), cancellationToken);

    public override async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        await WriteAsync(buffer.AsMemory(offset, count), cancellationToken);
}
