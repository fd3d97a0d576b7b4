using System.Buffers;

namespace Olha.Fanout;

/// <summary>One open socket as the engine sees it: an outbox, what it listens to, and when it was last heard.</summary>
/// <remarks>
/// A connection that has nothing to write holds no task and no buffer. Where the socket can be written to at once, whoever has
/// something to say writes it, as far as the socket takes it; the rest goes out when the socket has room again. Where it must be
/// waited for (TLS), the thread pool writes until the outbox is empty. One thread writes at a time: who does is settled in the
/// outbox.
/// </remarks>
public sealed class Connection : IThreadPoolWorkItem
{
    /// <summary>Bytes that one write carries at most when several frames wait.</summary>
    const int Coalesced = 16 * 1024;

    static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(2);

    readonly IFrameSink _sink;
    readonly TimeProvider _clock;
    readonly Outbox _outbox;
    int _closeCode;
    ITimer? _cut;
    long _heard;
    int _closing;
    int _finished;

    /// <param name="sink">Where the frames go.</param>
    /// <param name="tag">What groups connections beside topics, a session for instance; see <see cref="Signal.Cut"/>.</param>
    /// <param name="limits">How much may wait.</param>
    /// <param name="clock">For the time that a goodbye may take.</param>
    /// <param name="held">Whether frames said on topics wait until <see cref="Release"/>.</param>
    public Connection(IFrameSink sink, long tag, OutboxLimits limits, TimeProvider clock, bool held)
    {
        (_sink, Tag, _clock) = (sink, tag, clock);
        _outbox = new Outbox(limits);
        _heard = clock.GetTimestamp();
        if (!held) _outbox.Release(static _ => true);
    }

    public long Tag { get; }

    /// <summary>What it listens to. Guarded by the hub's lock.</summary>
    internal HashSet<TopicId> Topics { get; } = [];

    public bool IsClosing => Volatile.Read(ref _closing) != 0;

    /// <summary>The close code that was sent; null while open.</summary>
    public int? CloseCode => _closeCode == 0 ? null : _closeCode;

    /// <summary>When the other side last showed that it is there.</summary>
    public long LastHeard => Volatile.Read(ref _heard);

    /// <summary>Frames and bytes waiting to be written.</summary>
    public (int Frames, int Bytes) Waiting => _outbox.Waiting;

    /// <summary>Whether a last frame may be written before the close.</summary>
    public bool TakesFarewell { get; init; } = true;

    /// <summary>Called when the outbox is over its limits; closes the connection in the product's words.</summary>
    public Action<Connection>? Overflowed { get; init; }

    /// <summary>The other side has just shown that it is there.</summary>
    public void Hear() => Volatile.Write(ref _heard, _clock.GetTimestamp());

    /// <summary>What the heart knows of it. Touched by its loop only.</summary>
    internal Pulse Pulse;

    /// <summary>Says a frame. Never waits: a full outbox closes its own connection.</summary>
    public void Enqueue(Frame frame) => Enqueue([frame], frame.Wire.Span);

    /// <summary>Adds a frame and leaves the writing to whoever says the next or calls <see cref="Flush"/>.</summary>
    public void EnqueueUnflushed(Frame frame)
    {
        if (_outbox.Add(frame) == Put.Overflow) Overflowed?.Invoke(this);
    }

    /// <summary>Calls a thread for what was added unflushed, unless another has written it.</summary>
    public void Flush()
    {
        if (_outbox.AwaitsWriter) Wake();
    }

    /// <summary>Says frames whose bytes in a row are <paramref name="block"/>. Never waits.</summary>
    internal void Enqueue(ReadOnlySpan<Frame> round, ReadOnlySpan<byte> block)
    {
        switch (_outbox.AddRound(round, block.Length, _sink.SendsNow))
        {
            case Put.Send: SendNow(block); break;
            case Put.SendAfter: SendAfterFew(block); break;
            case Put.Drain: DrainNow(); break;
            case Put.Wake: Wake(); break;
            case Put.Overflow: Overflowed?.Invoke(this); break;
        }
    }

    /// <summary>Adds frames for this socket alone, ahead of held ones and without a bound; null is none.</summary>
    public void EnqueueDirect(params ReadOnlySpan<Frame?> frames)
    {
        var wake = false;
        foreach (var frame in frames)
            if (frame is not null) wake |= _outbox.AddDirect(frame) == Put.Wake;
        if (wake) Wake();
    }

    /// <summary>Says a pong, or another answer to the transport: also while frames are held. Never waits.</summary>
    public void Answer(Frame frame)
    {
        switch (_outbox.AddWhileHeld(frame))
        {
            case null: Enqueue(frame); break;
            case Put.Wake: Wake(); break;
            case Put.Overflow: Overflowed?.Invoke(this); break;
        }
    }

    /// <summary>Ends the hold; of the frames held, those that are <paramref name="wanted"/> follow in order.</summary>
    public void Release(Func<Frame, bool> wanted)
    {
        ReleaseUnflushed(wanted);
        Flush();
    }

    /// <summary>As <see cref="Release"/>, but leaves the writing to whoever calls <see cref="Flush"/>.</summary>
    internal void ReleaseUnflushed(Func<Frame, bool> wanted) => _outbox.Release(wanted);

    /// <summary>Drops what waits, says goodbye and closes. It is tried for two seconds, then the socket is cut.</summary>
    public void Close(int code, string reason, Frame? farewell)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0) return;
        _closeCode = code;
        EndWith(TakesFarewell ? farewell : null, Frame.Close(code, reason));
    }

    /// <summary>Answers the other side's close.</summary>
    public void AnswerClose(int? code)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0) return;
        EndWith(null, code is { } echoed ? Frame.Close(echoed, "") : Frame.CloseWithoutCode);
    }

    /// <summary>Cuts the socket at once.</summary>
    public void Abort()
    {
        Interlocked.Exchange(ref _closing, 1);
        _outbox.Close();
        _sink.Cut();
    }

    /// <summary>The socket takes bytes again. From its own thread; may come without need.</summary>
    public void Writable()
    {
        if (_outbox.Unblock()) DrainNow();
    }

    /// <summary>The socket is gone.</summary>
    public void Finish()
    {
        Interlocked.Exchange(ref _closing, 1);
        Volatile.Write(ref _finished, 1);
        Volatile.Read(ref _cut)?.Dispose();
    }

    void EndWith(Frame? farewell, Frame close)
    {
        Volatile.Write(ref _cut, _clock.CreateTimer(static it => ((Connection)it!).Abort(), this, s_goodbye, Timeout.InfiniteTimeSpan));
        if (Volatile.Read(ref _finished) != 0) _cut.Dispose();
        if (_outbox.Close(farewell, close) == Put.Wake) Wake();
    }

    // All that it had to say is written. Now the other side has its time to end.
    void End()
    {
        _cut?.Change(s_goodbye, Timeout.InfiniteTimeSpan);
        _sink.Finished();
    }

    void Wake()
    {
        if (!_sink.SendsNow) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else if (_outbox.Claim()) DrainNow();
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_outbox.Claim()) _ = DrainAsync();
    }

    void SendNow(ReadOnlySpan<byte> block)
    {
        try
        {
            var sent = _sink.SendNow(block);
            if (_outbox.Sent(block[sent..]) == Put.Drain) DrainNow();
        }
        catch (Exception)
        {
            Abort();
        }
    }

    // An acknowledgement waited for this round: both in one go, without a copy of the round.
    void SendAfterFew(ReadOnlySpan<byte> block)
    {
        Span<byte> buffer = stackalloc byte[Outbox.Few];
        var first = buffer[.._outbox.TakeFew(buffer)];
        try
        {
            var sent = _sink.SendNow(first, block);
            var put = sent < first.Length ? _outbox.Sent(first[sent..], block) : _outbox.Sent(block[(sent - first.Length)..]);
            if (put == Put.Drain) DrainNow();
        }
        catch (Exception)
        {
            Abort();
        }
    }

    void DrainNow()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Topic.Together);
        try
        {
            Next next;
            while ((next = _outbox.Take(buffer, out var wire)) == Next.Frame)
            {
                var sent = _sink.SendNow(wire.Span);
                if (sent < wire.Length && _outbox.Sent(wire.Span[sent..]) != Put.Drain) return;
            }
            if (next == Next.Ended) End();
        }
        catch (Exception)
        {
            Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    async Task DrainAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Coalesced);
        try
        {
            Next next;
            while ((next = _outbox.Take(buffer, out var wire)) == Next.Frame)
            {
                var sending = _sink.SendAsync(wire);
                if (!sending.IsCompletedSuccessfully) await sending.ConfigureAwait(false);
            }
            if (next == Next.Ended) End();
        }
        catch (Exception)
        {
            // The transport is broken; whoever reads from it finds out and cleans up.
            Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
