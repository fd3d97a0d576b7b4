using Olha.Bench;

namespace Olha.Fanout.Tests;

/// <summary>The gates of the hot path: what a delivery may allocate. Their times are in bench/results/micro.md.</summary>
public sealed class AllocationTests
{
    const int Listeners = 1000;

    readonly Crowd _crowd = new(Listeners);

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void A_delivery_allocates_nothing(int frames)
    {
        var round = _crowd.NextRound(frames);

        Assert.Equal(0, Allocations.Of(() => _crowd.Hub.Send(round)));

        Assert.True(_crowd.Sink.Bytes > 0);
        Assert.Equal(0, _crowd.Sink.Bytes % (Listeners * round.Sum(static it => it.Wire.Length)));
    }

    [Fact]
    public void A_frame_for_one_socket_allocates_nothing_but_itself()
    {
        var connection = new Connection(_crowd.Sink, tag: 1, new OutboxLimits(), TimeProvider.System, held: false);
        var frame = Some.Frame("hello");

        Assert.Equal(0, Allocations.Of(() => connection.Enqueue(frame)));
    }

    [Fact]
    public void A_round_behind_an_acknowledgement_allocates_nothing()
    {
        var connection = new Connection(_crowd.Sink, tag: 1, new OutboxLimits(), TimeProvider.System, held: false);
        _crowd.Join(connection);
        var (ack, round) = (Some.Frame("ack"), _crowd.NextRound(1));

        Assert.Equal(0, Allocations.Of(() =>
        {
            connection.EnqueueUnflushed(ack);
            _crowd.Hub.Send(round);
            connection.Flush();
        }));
        Assert.Equal((0, 0), connection.Waiting);
    }

    // A gate that sees nothing would hold for ever.
    [Fact]
    public void An_allocation_now_and_then_is_seen()
    {
        var calls = 0;

        Assert.NotEqual(0, Allocations.Of(() =>
        {
            if (++calls % 100 == 0) GC.KeepAlive(new object());
        }));
    }
}
