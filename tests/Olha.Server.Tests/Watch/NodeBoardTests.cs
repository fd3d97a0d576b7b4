using System.Text;
using Olha.Protocol;
using Olha.Server.Watch;

namespace Olha.Server.Tests.Watch;

/// <summary>What a node knows of the others, by what they tell.</summary>
public sealed class NodeBoardTests
{
    // Whose clocks have nothing to do with each other.
    readonly HandClock _here = new(5_000_000), _there = new(900);
    readonly NodeBoard _ana, _bruno;

    public NodeBoardTests() => (_ana, _bruno) = (new NodeBoard(_here), new NodeBoard(_there));

    [Fact]
    public void The_way_there_and_back_is_measured_by_one_clock_and_without_the_time_that_it_was_held()
    {
        var asked = _ana.Beat(State("ana", _ana));
        Pass(ms: 3);
        Assert.True(_bruno.Hear(asked));
        Pass(ms: 1700);
        var answer = _bruno.Beat(State("bruno", _bruno));
        Pass(ms: 4);
        Assert.True(_ana.Hear(answer));

        var (own, other) = Both(_ana);
        Assert.Equal(new NodeLink(_bruno.Self, 0, 7), Assert.Single(own.Links));
        Assert.Equal((0, new NodeLink(_ana.Self, 1700, null)), (other.HeardMs!.Value, Assert.Single(other.Links)));

        Pass(ms: 100);
        _bruno.Hear(_ana.Beat(State("ana", _ana)));
        Assert.Equal(7, Both(_bruno).Other.Links.Single().RoundTripMs);
        Assert.Equal(100, Both(_ana).Other.HeardMs);
    }

    [Fact]
    public void Who_is_silent_for_too_long_is_gone_and_with_it_what_others_said_of_it()
    {
        var carla = new NodeBoard(_there);
        _bruno.Hear(carla.Beat(State("carla", carla)));
        _ana.Hear(carla.Beat(State("carla", carla)));
        _ana.Hear(_bruno.Beat(State("bruno", _bruno)));
        Assert.Equal(3, _ana.Count);
        Assert.Equal(carla.Self, Seen(_ana, _bruno).Links.Single().To);

        Pass(ms: NodeBoard.Expiry.TotalMilliseconds - 1);
        _ana.Hear(_bruno.Beat(State("bruno", _bruno)));
        Assert.Equal(3, _ana.Count);
        Pass(ms: 2);

        Assert.Equal(2, _ana.Count);
        Assert.Empty(Seen(_ana, _bruno).Links);
    }

    [Fact]
    public void Who_says_that_it_ends_is_gone_at_once()
    {
        _ana.Hear(_bruno.Beat(State("bruno", _bruno)));

        Assert.False(_ana.Hear(_bruno.Beat(null)));

        Assert.Equal(1, _ana.Count);
        Assert.True(_ana.Hear(_bruno.Beat(State("bruno", _bruno))), "it is new again");
    }

    [Fact]
    public void Many_take_turns_in_a_beat_that_fits_into_a_notice()
    {
        var others = Enumerable.Range(0, 70).Select(_ => new NodeBoard(_there)).ToList();
        foreach (var other in others) _ana.Hear(other.Beat(State("machine-name-of-some-length", other)));

        var beats = Enumerable.Range(0, 3).Select(_ => _ana.Beat(State("ana", _ana))).ToList();

        Assert.All(beats, static it => Assert.InRange(it.Write().Length, 1, 5500));
        Assert.Equal(others.Select(static it => it.Self).Order(), beats.SelectMany(static it => it.Heard).Select(static it => it.To).Distinct().Order());
        foreach (var beat in beats) _bruno.Hear(beat);
        foreach (var other in others) _bruno.Hear(other.Beat(State("other", other)));
        Assert.Equal(70, Seen(_bruno, _ana).Links.Count);
    }

    [Fact]
    public void Nobody_is_another_to_itself() => Assert.False(_ana.Hear(_ana.Beat(State("ana", _ana))));

    [Fact]
    public void A_beat_arrives_as_it_was_told_and_one_that_is_not_understood_is_dropped()
    {
        _ana.Hear(_bruno.Beat(State("bruno", _bruno)));
        var beat = _ana.Beat(State("ana", _ana));
        var bytes = beat.Write();

        var read = NodeBeat.Read(bytes)!;
        Assert.Equal(beat with { Heard = [], State = null }, read with { Heard = [], State = null });
        Assert.Equal((beat.Heard.Single(), "ana", "disk_low"), (read.Heard.Single(), read.State!.Name, read.State.Reasons.Single().Reason));

        for (var length = 0; length < bytes.Length; length++) Assert.Null(NodeBeat.Read(bytes.AsSpan(0, length)));
        var text = Encoding.UTF8.GetString(bytes);
        Assert.NotNull(Read(text.Replace("\"from\"", "\"later\":[1],\"from\"", StringComparison.Ordinal)));
        Assert.Null(Read(text.Replace("\"heard\"", "\"unheard\"", StringComparison.Ordinal)));
        Assert.Null(Read(text.Replace("\"Degraded\"", "\"Melancholic\"", StringComparison.Ordinal)));
        Assert.Null(Read(text.Replace("\"name\":\"ana\"", "\"name\":null", StringComparison.Ordinal)));
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var noisy = bytes.ToArray();
            noisy[random.Next(noisy.Length)] = (byte)random.Next(256);
            if (NodeBeat.Read(noisy) is { } noise) _bruno.Hear(noise);
        }

        static NodeBeat? Read(string text) => NodeBeat.Read(Encoding.UTF8.GetBytes(text));
    }

    void Pass(double ms)
    {
        foreach (var clock in (HandClock[])[_here, _there]) clock.Ticks += (long)(ms * TimeSpan.TicksPerMillisecond);
    }

    static (NodeSeen Own, NodeSeen Other) Both(NodeBoard board)
    {
        var nodes = board.With(State("own", board)).Nodes;
        Assert.Equal(2, nodes.Count);
        return (nodes.Single(it => it.State.Id == board.Self), nodes.Single(it => it.State.Id != board.Self));
    }

    static NodeSeen Seen(NodeBoard by, NodeBoard whom) => by.With(State("own", by)).Nodes.Single(it => it.State.Id == whom.Self);

    static NodeState State(string name, NodeBoard whose) => new(
        whose.Self, name, "1.2.3", "http://127.0.0.1:8081", DateTimeOffset.UnixEpoch, ReadyState.Degraded, [new Condition("disk_low", "The disk has 5 MiB left.")],
        1, 2, 0.125, new NodeBackplane(BackplaneKind.Redis, true, 0.5), 3, 4);

    sealed class HandClock(long ticks) : TimeProvider
    {
        public long Ticks = ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => Ticks;
    }
}
