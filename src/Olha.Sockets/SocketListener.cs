using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Olha.Sockets;

/// <summary>Accepts connections on the first loop and gives them to all loops in turn. The last few descriptors are for nobody: without one
/// the database opens no file, and the runtime, which can't start a thread then, ends the process.</summary>
sealed partial class SocketListener : Polled, IConnectionListener
{
    public const int Backlog = 4096;

    /// <summary>Descriptors that connections leave to the rest of the process.</summary>
    public const int Reserve = 64;

    const int TooManyOpen = 24; // EMFILE
    const int LongestAddress = 128; // sockaddr_storage
    const int MostUnsentInKernel = 128 * 1024;
    const int MostBuffered = 1024 * 1024, MostUnsent = 64 * 1024; // the framework's own measures

    readonly Socket _socket;
    readonly EventLoop[] _loops;
    readonly ILogger _log;
    readonly PipeOptions _input = Options(MostBuffered, PipeScheduler.ThreadPool, PipeScheduler.Inline);
    readonly PipeOptions _output = Options(MostUnsent, PipeScheduler.Inline, PipeScheduler.ThreadPool);
    readonly Channel<Arrival> _accepted = Channel.CreateUnbounded<Arrival>(new() { SingleWriter = true });
    readonly TaskCompletionSource _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly byte[] _address = new byte[LongestAddress];
    readonly Entrance _entrance = new();
    readonly long _most; // numbers from here on are in the reserve
    bool _crowded; // whether the last connection's was
    uint _turn;
    volatile bool _stopping;
    bool _complained;

    public SocketListener(Socket socket, EventLoop[] loops, ILogger log)
    {
        (_socket, _loops, _log) = (socket, loops, log);
        EndPoint = socket.LocalEndPoint!;
        var limit = Libc.MostDescriptors();
        _most = Math.Max(limit - Reserve, limit / 2);
        loops[0].Poke(this);
    }

    public EndPoint EndPoint { get; }

    readonly record struct Arrival(SocketHandle Handle, IPEndPoint? Peer);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (!await _accepted.Reader.WaitToReadAsync(cancellationToken)) return null;
        var crowd = await _entrance.EnterAsync();
        if (!_accepted.Reader.TryRead(out var arrival)) throw new InvalidOperationException("Two accept at a time.");
        var loop = _loops[_turn++ % (uint)_loops.Length];
        var connection = new PipedConnection(loop, arrival.Handle, EndPoint, arrival.Peer, _input, _output, crowd);
        connection.Start();
        return connection;
    }

    // The token is cancelled from the beginning where a start failed. Closing takes no time, and a complaint would hide the reason.
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _stopping = true;
        _loops[0].Poke(this);
        await _unbound.Task;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    public override void Poked()
    {
        if (_unbound.Task.IsCompleted) return;
        if (!_stopping)
        {
            _loops[0].Add(this, _socket.SafeHandle);
            return;
        }
        _loops[0].Remove(this);
        _socket.Dispose();
        _accepted.Writer.TryComplete();
        _unbound.TrySetResult();
    }

    public override void Ready(Readiness what)
    {
        if (_stopping) return;
        while (true)
        {
            // The lowest free number is given, so that a high one tells how many are open.
            if (_crowded && Libc.LowestFree(_socket.SafeHandle) is var free && (free < 0 || free >= _most))
            {
                HoldBack(TooManyOpen);
                return;
            }
            var fd = Libc.Accept(_socket.SafeHandle, _address, out var length);
            switch (fd)
            {
                case -Libc.WouldBlock: return;
                case -Libc.Aborted or -Libc.Interrupted: continue; // that one has gone again
                case < 0:
                    HoldBack(-fd);
                    return;
            }
            _crowded = fd >= _most;
            if (!_crowded) _complained = false;
            Begin(new SocketHandle(fd), PeerOf(_address.AsSpan(0, length)));
        }
    }

    // They wait in the kernel's queue until somebody has gone.
    void HoldBack(int error)
    {
        if (!_complained) NotAccepted(error);
        _complained = true;
        _loops[0].HeldBack = this;
    }

    void Begin(SocketHandle handle, IPEndPoint? peer)
    {
        Libc.SetNoDelay(handle);
        Libc.SetMostUnsent(handle, MostUnsentInKernel);
        if (!_accepted.Writer.TryWrite(new(handle, peer))) handle.Dispose(); // the server is stopping
    }

    // sockaddr_in and sockaddr_in6; the family is in the machine's byte order, the rest in the net's.
    static IPEndPoint? PeerOf(ReadOnlySpan<byte> address)
    {
        const int Inet = 2, Inet6 = 10;
        if (address.Length < 16) return null;
        var port = address[2] << 8 | address[3];
        return BitConverter.ToUInt16(address) switch
        {
            Inet => new IPEndPoint(new IPAddress(address.Slice(4, 4)), port),
            Inet6 when address.Length >= 28 => new IPEndPoint(new IPAddress(address.Slice(8, 16), BitConverter.ToUInt32(address[24..])), port),
            _ => null,
        };
    }

    static PipeOptions Options(int most, PipeScheduler reader, PipeScheduler writer) => new(
        MemoryPool<byte>.Shared, reader, writer, pauseWriterThreshold: most, resumeWriterThreshold: most / 2, useSynchronizationContext: false);

    [LoggerMessage(Level = LogLevel.Warning, Message = "New connections are held back: error {Error}. If it is 24, raise the limit of open files (ulimit -n)")]
    partial void NotAccepted(int error);
}
