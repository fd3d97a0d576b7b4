using System.Buffers.Binary;
using System.Text;
using System.Threading.Channels;

namespace Olha.Fanout.Tests;

/// <summary>A socket whose other side is this test: it reads when told to.</summary>
sealed class RecordingSink : IFrameSink
{
    readonly Channel<string> _written = Channel.CreateUnbounded<string>();
    readonly SemaphoreSlim _reads = new(0);
    bool _stuck;

    public (int Code, string Reason)? Closed { get; private set; }
    /// <summary>How often the transport was written to.</summary>
    public int Writes { get; private set; }

    public TaskCompletionSource Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public TaskCompletionSource Stuck { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on nothing is taken until <see cref="Read"/>.</summary>
    public void StopReading() => _stuck = true;

    public void Read()
    {
        _stuck = false;
        _reads.Release();
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> wire)
    {
        Writes++;
        if (_stuck)
        {
            Stuck.TrySetResult();
            var read = _reads.WaitAsync();
            await Task.WhenAny(read, Aborted.Task);
            if (Aborted.Task.IsCompleted) throw new IOException("cut");
        }
        while (wire.Length > 0)
        {
            var (header, length) = wire.Span[1] switch
            {
                126 => (4, BinaryPrimitives.ReadUInt16BigEndian(wire.Span[2..])),
                127 => (10, (int)BinaryPrimitives.ReadInt64BigEndian(wire.Span[2..])),
                var small => (2, small),
            };
            var payload = wire.Slice(header, length).Span;
            if ((wire.Span[0] & 15) == 8) Closed = (BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload[2..]));
            else _written.Writer.TryWrite(Encoding.UTF8.GetString(payload));
            wire = wire[(header + length)..];
        }
    }

    // Every test's frames go the way of sockets that must be waited for; DirectTests has the others.
    public bool SendsNow => false;
    public int SendNow(ReadOnlySpan<byte> wire) => throw new NotSupportedException();
    public int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then) => throw new NotSupportedException();

    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Finished() => Ended.TrySetResult();
    public void Cut() => Aborted.TrySetResult();

    public async Task<string> NextAsync() => await _written.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public bool IsSilent => _written.Reader.Count == 0;
}

static class Some
{
    public static readonly TopicId Room = new(1, 7);
    public static readonly TopicId Person = new(2, 1);

    public static Frame Frame(string text, TopicId topic = default, long rev = 0, bool ephemeral = false) =>
        Olha.Fanout.Frame.Text(Encoding.UTF8.GetBytes(text), topic, rev) with { Ephemeral = ephemeral };

    public static Connection Connection(RecordingSink sink, OutboxLimits? limits = null, bool held = false, TimeProvider? clock = null) =>
        new(sink, tag: 1, limits ?? new OutboxLimits(), clock ?? TimeProvider.System, held)
        {
            Overflowed = static it => it.Close(4001, "slow", Frame("bye")),
        };
}
