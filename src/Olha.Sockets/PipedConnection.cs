using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Olha.Sockets;

/// <summary>A connection as the framework knows it, for HTTP and TLS: bytes go through two pipes, until the socket is taken.</summary>
/// <remarks>Reading belongs to the loop's thread, writing to one task. An idle connection holds no buffer.</remarks>
sealed class PipedConnection : DefaultConnectionContext, ISocketHandover
{
    readonly EventLoop _loop;
    readonly SocketHandle _handle;
    readonly Watch _watch;
    readonly Pipe _input;
    readonly Pipe _output;
    readonly CancellationTokenSource _closed = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task _sending = Task.CompletedTask;
    TaskCompletionSource? _writable;
    TaskCompletionSource<DirectSocket>? _taken;
    Exception? _abortReason;
    volatile bool _allSent;
    Entrance.Crowd? _crowd; // until the first answer

    public PipedConnection(EventLoop loop, SocketHandle handle, EndPoint? local, EndPoint? remote, PipeOptions input, PipeOptions output, Entrance.Crowd crowd)
    {
        (_loop, _handle, _watch, _crowd) = (loop, handle, new Watch(this), crowd);
        (LocalEndPoint, RemoteEndPoint) = (local, remote);
        (_input, _output) = (new Pipe(input), new Pipe(output));
        Transport = new Duplex(_input.Reader, _output.Writer);
        Application = new Duplex(_output.Reader, _input.Writer);
        ConnectionClosed = _closed.Token;
        Features.Set<ISocketHandover>(this);
    }

    sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Begins to read and write.</summary>
    public void Start()
    {
        _sending = SendAllAsync();
        _loop.Poke(_watch);
    }

    public ValueTask<DirectSocket> TakeSocketAsync()
    {
        var taken = new TaskCompletionSource<DirectSocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        _taken = taken;
        _output.Reader.CancelPendingRead();
        if (_allSent) _loop.Poke(_watch);
        return new(taken.Task);
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _abortReason ??= abortReason;
        End(cut: true);
    }

    public override async ValueTask DisposeAsync()
    {
        await _input.Reader.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _sending;
        LeaveEntrance();
        if (_taken is not { Task.IsCompletedSuccessfully: true })
        {
            End(cut: false);
            await _ended.Task;
        }
        _closed.Dispose();
        await base.DisposeAsync();
    }

    void End(bool cut)
    {
        try
        {
            // After a handover nothing here is watched, and the socket is another's.
            if (_taken is { Task.IsCompletedSuccessfully: true }) return;
            if (cut) Libc.Cut(_handle);
            else Libc.ShutDown(_handle);
        }
        catch (ObjectDisposedException)
        {
            return;
        }
        _watch.Ending = true;
        _loop.Poke(_watch);
    }

    async Task SendAllAsync()
    {
        var failed = false;
        try
        {
            while (true)
            {
                var result = await _output.Reader.ReadAsync();
                foreach (var part in result.Buffer) await SendAsync(part);
                LeaveEntrance();
                _output.Reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || (result.IsCanceled && _taken is not null)) break;
            }
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException)
        {
            failed = true;
        }
        await _output.Reader.CompleteAsync(); // whoever writes on is told that nobody reads, which is no error of theirs
        if (failed) End(cut: true);
        _allSent = true;
        if (_taken is not null) _loop.Poke(_watch);
    }

    async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = Send(bytes.Span);
            if (sent == 0)
            {
                // The news that the socket takes bytes again may come before we wait for it: so once more, listening.
                var writable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref _writable, writable);
                sent = Send(bytes.Span);
                if (sent == 0) await writable.Task;
            }
            bytes = bytes[sent..];
        }
    }

    void LeaveEntrance() => Interlocked.Exchange(ref _crowd, null)?.Leave();

    int Send(ReadOnlySpan<byte> bytes)
    {
        var sent = Libc.Send(_handle, bytes);
        return sent >= 0 ? sent : sent == -Libc.WouldBlock ? 0 : throw new IOException($"The socket is gone (error {-sent}).");
    }

    sealed class Watch(PipedConnection owner) : Polled
    {
        bool _paused;
        bool _readable = true;
        bool _mayHaveEnded; // which is told once, perhaps together with bytes before it
        bool _inputEnded;
        bool _broken; // the input ended with an error, which is all that can be read of it
        volatile bool _goOn;

        public volatile bool Ending;

        public override void Ready(Readiness what)
        {
            if ((what & Readiness.Readable) != 0) _readable = true;
            if ((what & Readiness.OtherHungUp) != 0) _mayHaveEnded = true;
            if ((what & Readiness.Out) != 0) Interlocked.Exchange(ref owner._writable, null)?.TrySetResult();
            if (Ending) Finish();
            else if (_readable && !_paused) Read();
        }

        public override void Poked()
        {
            if (owner._ended.Task.IsCompleted)
            {
                owner._taken?.TrySetException(new IOException("The socket is gone."));
                return;
            }
            if (Place < 0) owner._loop.Add(this, owner._handle);
            if (_goOn) _goOn = _paused = false;
            if (Ending) Finish();
            else if (owner._taken is { } taken && owner._allSent) HandOver(taken);
            else if (_readable && !_paused) Read();
        }

        // What a client sent right behind its request is the next reader's.
        void HandOver(TaskCompletionSource<DirectSocket> taken)
        {
            if (_broken)
            {
                Finish();
                return;
            }
            byte[] unread = [];
            if (owner._input.Reader.TryRead(out var result))
            {
                unread = result.Buffer.ToArray();
                owner._input.Reader.AdvanceTo(result.Buffer.End);
            }
            owner._input.Writer.Complete();
            var socket = new DirectSocket(owner._loop, owner._handle, unread);
            socket.Replace(this);
            owner._ended.TrySetResult();
            taken.SetResult(socket);
        }

        void Read()
        {
            if (_inputEnded) return;
            var buffer = owner._loop.Buffer;
            var got = Libc.Receive(owner._handle, buffer);
            if (got == -Libc.WouldBlock)
            {
                _readable = false;
                return;
            }
            if (got <= 0)
            {
                EndInput(got < 0 ? new ConnectionResetException("The other side reset the connection.") : null);
                return;
            }
            owner._input.Writer.Write(buffer.AsSpan(0, got));
            var flushing = owner._input.Writer.FlushAsync().AsTask();
            if (flushing.IsCompletedSuccessfully && !flushing.Result.IsCompleted)
            {
                if (got == buffer.Length || _mayHaveEnded) owner._loop.ReadAgain(this);
                else _readable = false;
                return;
            }
            _paused = true;
            _ = ReadOnAsync(flushing);
        }

        // Much is unread, or nobody reads any more.
        async Task ReadOnAsync(Task<FlushResult> flushing)
        {
            if ((await flushing).IsCompleted) return;
            _goOn = true;
            owner._loop.Poke(this);
        }

        void EndInput(Exception? why)
        {
            _inputEnded = true;
            why = owner._abortReason ?? why;
            _broken = why is not null;
            owner._input.Writer.Complete(why);
            // The framework may still answer what it has read. Its own callbacks are not for this thread.
            ThreadPool.UnsafeQueueUserWorkItem(static it => it.TellClosed(), owner, preferLocal: false);
        }

        void Finish()
        {
            if (!_inputEnded) EndInput(null);
            owner._loop.Remove(this);
            owner._handle.Dispose();
            Interlocked.Exchange(ref owner._writable, null)?.TrySetResult();
            owner._ended.TrySetResult();
            owner._taken?.TrySetException(new IOException("The socket is gone."));
        }
    }

    void TellClosed()
    {
        try { _closed.Cancel(); }
        catch (ObjectDisposedException) { }
    }
}
