namespace Olha.Sockets;

/// <summary>A connected socket without anything around it: written to by whoever has something to say, read on its loop.</summary>
/// <remarks>At rest it is two objects and an entry in the loop's table.</remarks>
public sealed class DirectSocket : IDisposable
{
    readonly Watch _watch;

    internal DirectSocket(EventLoop loop, SocketHandle handle, byte[] unread) => _watch = new Watch(loop, handle, unread);

    internal void Replace(Polled old) => _watch.Replace(old);

    /// <summary>Begins to read. Once.</summary>
    public void Start(ISocketReader reader) => _watch.Start(reader);

    /// <summary>After <see cref="ISocketReader.Take"/> said no: more is welcome. From any thread.</summary>
    public void ReadOn() => _watch.ReadOn();

    /// <summary>Writes as much as the kernel takes at once: 0 when it is full. Never waits. From any thread, one at a time.</summary>
    /// <exception cref="IOException">The socket is gone.</exception>
    public int Send(ReadOnlySpan<byte> bytes) => _watch.Send(bytes);

    /// <summary>As <see cref="Send(ReadOnlySpan{byte})"/>, of bytes in two places.</summary>
    public int Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then) => _watch.Send(first, then);

    /// <summary>Says that nothing more is sent, behind what was. It is still read from. From any thread.</summary>
    public void EndSending() => _watch.EndSending();

    /// <summary>Cuts the connection at once: what was not sent is dropped. From any thread.</summary>
    public void Cut() => _watch.End(cut: true);

    /// <summary>Closes it; what the kernel has taken still goes out. From any thread.</summary>
    public void Dispose() => _watch.End(cut: false);

    sealed class Watch(EventLoop loop, SocketHandle handle, byte[]? unread) : Polled
    {
        ISocketReader? _reader;
        bool _paused = true; // until the start
        bool _readable = true;
        bool _mayHaveEnded = true; // which is told once, perhaps together with bytes before it
        volatile bool _goOn;
        volatile bool _ending;

        public void Replace(Polled old) => loop.Replace(old, this);

        public void Start(ISocketReader reader)
        {
            _reader = reader;
            ReadOn();
        }

        public void ReadOn()
        {
            _goOn = true;
            loop.Poke(this);
        }

        public int Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then = default)
        {
            try
            {
                var sent = then.IsEmpty ? Libc.Send(handle, first) : Libc.Send(handle, first, then);
                return sent >= 0 ? sent : sent == -Libc.WouldBlock ? 0 : throw new IOException($"The socket is gone (error {-sent}).");
            }
            catch (ObjectDisposedException gone)
            {
                throw new IOException("The socket is closed.", gone);
            }
        }

        public void EndSending()
        {
            try { Libc.EndSending(handle); }
            catch (ObjectDisposedException) { }
        }

        public void End(bool cut)
        {
            try
            {
                if (cut) Libc.Cut(handle);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            _ending = true;
            loop.Poke(this);
        }

        public override void Ready(Readiness what)
        {
            if ((what & Readiness.Readable) != 0) _readable = true;
            if ((what & Readiness.OtherHungUp) != 0) _mayHaveEnded = true;
            if (_ending)
            {
                Finish();
                return;
            }
            if ((what & Readiness.Out) != 0) _reader?.Writable();
            if (_readable && !_paused) Read();
        }

        public override void Poked()
        {
            if (Place < 0) return;
            if (_ending)
            {
                Finish();
                return;
            }
            if (!_goOn) return;
            _goOn = false;
            _paused = false;
            if (unread is { } first)
            {
                unread = null;
                _reader!.Writable(); // what came before the start was told to nobody
                if (first.Length > 0 && !_reader.Take(first)) _paused = true;
            }
            else if (!_reader!.Take(default)) _paused = true; // it may have kept what nothing more is coming behind
            if (_readable && !_paused && Place >= 0) Read();
        }

        // One read a turn, so that nobody is kept waiting by one who sends much.
        void Read()
        {
            var buffer = loop.Buffer;
            var got = Libc.Receive(handle, buffer);
            if (got == -Libc.WouldBlock) _readable = _mayHaveEnded = false;
            else if (got <= 0) Finish();
            else if (!_reader!.Take(buffer.AsMemory(0, got))) _paused = true;
            else if (got == buffer.Length || _mayHaveEnded) loop.ReadAgain(this);
            else _readable = false;
        }

        void Finish()
        {
            loop.Remove(this);
            handle.Dispose();
            var reader = _reader;
            _reader = null;
            reader?.Ended();
        }
    }
}
