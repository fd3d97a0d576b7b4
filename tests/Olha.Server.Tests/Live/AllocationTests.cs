using Microsoft.Extensions.Logging.Abstractions;
using Olha.Bench;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Tests.Live;

/// <summary>The gates of the hot paths from a commit to the listeners, and from a client's bytes to a post: what they may allocate.
/// Their times are in bench/results/micro.md.</summary>
public sealed class AllocationTests
{
    public static TheoryData<int> Lengths => [1, 100, 4000];

    [Theory, MemberData(nameof(Lengths))]
    public void A_change_becomes_a_frame_and_nothing_else(int length)
    {
        var change = Said.Change(length);
        var payload = FrameEncoder.Encode(Crowd.Room, change).Payload;

        Assert.Equal(
            Allocations.Of(() => Frame.Text(payload.Span, Crowd.Room, change.Rev, change)),
            Allocations.Of(() => FrameEncoder.Encode(Crowd.Room, change)));
    }

    [Fact]
    public void An_acknowledgement_becomes_a_frame_and_nothing_else()
    {
        var ack = Said.Ack();
        var payload = FrameEncoder.Encode(ack).Payload;

        Assert.Equal(Allocations.Of(() => Frame.Text(payload.Span)), Allocations.Of(() => FrameEncoder.Encode(ack)));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void A_post_is_read_into_its_texts_and_nothing_else(int length)
    {
        var post = Said.Post(length);

        Assert.Equal(Said.ReadPost(length).Body, HotJson.TryReadPost(post)?.Body);
        Assert.Equal(Allocations.Of(() => Said.ReadPost(length)), Allocations.Of(() => HotJson.TryReadPost(post)));
    }

    [Fact]
    public void A_change_costs_the_same_however_many_listen() => Assert.Equal(ToDeliver(listeners: 1), ToDeliver(listeners: 1000));

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Frames_that_came_whole_are_read_without_allocating(int frames)
    {
        var listening = new Listening([.. Enumerable.Repeat(Said.Masked(Said.Post(100)), frames).SelectMany(static it => it)]);

        Assert.Equal(0, Allocations.Of(listening.Hear));
        Assert.True(listening.Messages > 0);
    }

    [Fact]
    public void A_frame_that_came_in_two_parts_is_read_in_a_borrowed_buffer()
    {
        var listening = new Listening(Said.Masked(Said.Post(100)));

        Assert.Equal(0, Allocations.Of(listening.HearInTwo));
        Assert.True(listening.Messages > 0);
    }

    static long ToDeliver(int listeners)
    {
        var crowd = new Crowd(listeners);
        var delivery = new Delivery(crowd.Hub, new MissedChanges(), TimeProvider.System, NullLogger<Delivery>.Instance);
        var ready = new Queue<Signal>(crowd.NextRound(2000).Select(static it => new Signal.Say(it)));

        return Allocations.Of(() => delivery.Take(ready.Dequeue()));
    }
}
