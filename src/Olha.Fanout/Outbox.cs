namespace Olha.Fanout;

/// <summary>How much one socket may have waiting.</summary>
/// <param name="Bytes">Beyond this the socket is too slow.</param>
/// <param name="Frames">Beyond this the socket is too slow.</param>
public sealed record OutboxLimits(int Bytes = 1 << 20, int Frames = 8192)
{
    /// <summary>Ephemeral frames are dropped from here on: a quarter full.</summary>
    internal int EphemeralBytes => Bytes / 4;
}

/// <summary>What happened to a frame that was put into an outbox.</summary>
/// <remarks><see cref="Wake"/>: somebody must come and <see cref="Outbox.Claim"/>. <see cref="Send"/>: nothing was waiting, write the
/// round yourself and tell what is left with <see cref="Outbox.Sent"/>. <see cref="SendAfter"/>: the same, but take the little that
/// waits with <see cref="Outbox.TakeFew"/> and write it before. <see cref="Drain"/>: take what waits and write it yourself.</remarks>
enum Put { Taken, Wake, Send, SendAfter, Drain, Dropped, Overflow }

/// <summary>What there is to write: a frame, nothing for now, or nothing ever again.</summary>
enum Next { Frame, Nothing, Ended }

/// <summary>The frames that one socket has still to write, in order.</summary>
/// <remarks>
/// Hot path: AddRound and Sent run once a round and socket. Nothing is allocated but the queue's own growth, and a copy of what a
/// full socket did not take.
/// Lock: tier 2 (docs/locks.md). Nothing is called while it is held.
/// </remarks>
sealed class Outbox(OutboxLimits limits)
{
    /// <summary>What <see cref="TakeFew"/> takes at most.</summary>
    public const int Few = 1024;

    readonly Lock _gate = new();
    readonly Queue<Frame> _frames = new();
    List<Frame>? _held = [];
    int _bytes;
    int _direct; // the first so many frames were put directly, before the hold ended: the limits do not count them
    int _few; // the first so many frames go before the round that is being sent
    byte[]? _rest; // of a frame that is written in part: goes before all others, also before the last ones
    Writer _writer;
    bool _emptied; // the socket took bytes again while a thread was at it, which may just have found it full
    bool _closed;

    /// <summary>Who writes: nobody, a thread that was called and has not come, a thread that is at it, or nobody until the socket
    /// takes bytes again.</summary>
    enum Writer { Nobody, Called, Writing, Full }

    /// <summary>Frames and bytes waiting, those held back included; the starting state, which has no bound, is not.</summary>
    public (int Frames, int Bytes) Waiting
    {
        get { lock (_gate) return (Count, _bytes); }
    }

    /// <summary>Whether a thread was called and has not come.</summary>
    public bool AwaitsWriter
    {
        get { lock (_gate) return _writer == Writer.Called; }
    }

    int Count => _frames.Count - _direct + (_held?.Count ?? 0);

    /// <summary>Adds a frame that was said on a topic. While the outbox is held it waits behind what is put directly.</summary>
    public Put Add(Frame frame)
    {
        lock (_gate)
        {
            if (_closed) return Put.Dropped;
            if (frame.Ephemeral && _bytes > limits.EphemeralBytes) return Put.Dropped;
            if (_bytes + frame.Wire.Length > limits.Bytes || Count >= limits.Frames) return Put.Overflow;

            _bytes += frame.Wire.Length;
            if (_held is not null)
            {
                _held.Add(frame);
                return Put.Taken;
            }
            return Queue(frame);
        }
    }

    /// <summary>Adds frames that were said on a topic, in their order.</summary>
    /// <param name="round">The frames.</param>
    /// <param name="length">Bytes of all.</param>
    /// <param name="sendsNow">Whether the caller can write at once.</param>
    public Put AddRound(ReadOnlySpan<Frame> round, int length, bool sendsNow)
    {
        lock (_gate)
        {
            if (_closed) return Put.Dropped;
            if (sendsNow && _held is null && _writer == Writer.Nobody)
            {
                _writer = Writer.Writing;
                return Put.Send;
            }
            if (sendsNow && _held is null && _writer == Writer.Called && _rest is null && _direct == 0 && _bytes <= Few)
            {
                _writer = Writer.Writing;
                _few = _frames.Count;
                return Put.SendAfter;
            }
            if (round[0].Ephemeral && _bytes > limits.EphemeralBytes) return Put.Dropped;
            if (_bytes + length > limits.Bytes || Count + round.Length > limits.Frames) return Put.Overflow;

            _bytes += length;
            if (_held is not null)
            {
                _held.AddRange(round);
                return Put.Taken;
            }
            foreach (var frame in round) _frames.Enqueue(frame);
            if (_writer is Writer.Writing or Writer.Full) return Put.Taken;
            if (!sendsNow) return Call();
            _writer = Writer.Writing;
            return Put.Drain;
        }
    }

    /// <summary>Takes what waited when the round came. What has come since stays: it goes after the round.</summary>
    /// <param name="buffer">Gets it: <see cref="Few"/> bytes.</param>
    /// <returns>How many bytes it is.</returns>
    public int TakeFew(Span<byte> buffer)
    {
        lock (_gate)
        {
            var length = 0;
            for (; _few > 0; _few--)
            {
                var wire = _frames.Dequeue().Wire;
                wire.Span.CopyTo(buffer[length..]);
                length += wire.Length;
            }
            _bytes -= length;
            return length;
        }
    }

    /// <summary>Whoever was told to write has done so, but for this rest, which may lie in two places.</summary>
    /// <returns><see cref="Put.Drain"/>: go on writing.</returns>
    public Put Sent(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> then = default)
    {
        lock (_gate)
        {
            if (rest.Length + then.Length > 0)
            {
                _rest = [.. rest, .. then];
                _bytes += _rest.Length;
                if (!_emptied) _writer = Writer.Full;
            }
            else if (_frames.Count == 0 && !_closed) _writer = Writer.Nobody;
            _emptied = false;
            return _writer == Writer.Writing ? Put.Drain : Put.Taken;
        }
    }

    /// <summary>The socket takes bytes again. True: the caller goes on writing.</summary>
    public bool Unblock()
    {
        lock (_gate)
        {
            if (_writer == Writer.Writing) _emptied = true;
            if (_writer != Writer.Full) return false;
            _writer = Writer.Writing;
            return true;
        }
    }

    /// <summary>A thread that was called has come. False when another has done its work meanwhile.</summary>
    public bool Claim()
    {
        lock (_gate)
        {
            if (_writer != Writer.Called) return false;
            _writer = Writer.Writing;
            return true;
        }
    }

    /// <summary>Adds a frame for this socket alone, past the hold and without a bound: for the starting state.</summary>
    public Put AddDirect(Frame frame)
    {
        lock (_gate)
        {
            if (_closed) return Put.Dropped;
            if (_held is not null) _direct++;
            else _bytes += frame.Wire.Length;
            return Queue(frame);
        }
    }

    /// <summary>Adds an answer to the other side's own transport, which the hold is not for; null: there is no hold any more.</summary>
    public Put? AddWhileHeld(Frame frame)
    {
        lock (_gate)
        {
            if (_closed) return Put.Dropped;
            if (_held is null) return null;
            if (_frames.Count >= limits.Frames) return Put.Overflow;
            _direct++;
            return Queue(frame);
        }
    }

    /// <summary>Ends the hold: what was held and is wanted follows, in order.</summary>
    public Put Release(Func<Frame, bool> wanted)
    {
        lock (_gate)
        {
            if (_closed || _held is not { } held) return Put.Dropped;
            _held = null;
            var put = Put.Taken;
            foreach (var frame in held)
            {
                if (!wanted(frame)) _bytes -= frame.Wire.Length;
                else if (Queue(frame) == Put.Wake) put = Put.Wake;
            }
            return put;
        }
    }

    /// <summary>Takes the next frames to write, as many as fit into the buffer; a frame that is larger comes alone. After
    /// <see cref="Next.Nothing"/> the next frame added wakes a writer again; <see cref="Next.Ended"/> is told to one writer, once.</summary>
    /// <param name="buffer">Gets the bytes when there are several frames.</param>
    /// <param name="wire">What to write: the one frame's own bytes, or a part of the buffer.</param>
    public Next Take(byte[] buffer, out ReadOnlyMemory<byte> wire)
    {
        lock (_gate)
        {
            if (_rest is not null)
            {
                wire = _rest;
                _bytes -= _rest.Length;
                _rest = null;
                return Next.Frame;
            }
            if (_frames.Count > 0)
            {
                wire = Dequeue();
                if (_frames.Count > 0 && wire.Length < buffer.Length) wire = TakeMore(buffer, wire);
                return Next.Frame;
            }
            wire = default;
            if (_closed) return Next.Ended; // the writer stays: nobody is called any more
            _writer = Writer.Nobody;
            return Next.Nothing;
        }
    }

    // One write to the transport costs far more than copying what a client reads at once anyway.
    Memory<byte> TakeMore(byte[] buffer, ReadOnlyMemory<byte> first)
    {
        first.CopyTo(buffer);
        var length = first.Length;
        while (_frames.TryPeek(out var next) && length + next.Wire.Length <= buffer.Length)
        {
            next.Wire.CopyTo(buffer.AsMemory(length));
            length += next.Wire.Length;
            Dequeue();
        }
        return buffer.AsMemory(0, length);
    }

    ReadOnlyMemory<byte> Dequeue()
    {
        var wire = _frames.Dequeue().Wire;
        if (_direct > 0) _direct--;
        else _bytes -= wire.Length;
        return wire;
    }

    /// <summary>Drops everything and takes nothing more, but for the last frames.</summary>
    public Put Close(params ReadOnlySpan<Frame?> last)
    {
        lock (_gate)
        {
            if (_closed) return Put.Dropped;
            _closed = true;
            _frames.Clear();
            _few = 0;
            _held = null;
            (_bytes, _direct) = (_rest?.Length ?? 0, 0);
            foreach (var frame in last)
            {
                if (frame is null) continue;
                _frames.Enqueue(frame);
                _bytes += frame.Wire.Length;
            }
            return Call();
        }
    }

    Put Queue(Frame frame)
    {
        _frames.Enqueue(frame);
        return Call();
    }

    Put Call()
    {
        if (_writer != Writer.Nobody) return Put.Taken;
        _writer = Writer.Called;
        return Put.Wake;
    }
}
