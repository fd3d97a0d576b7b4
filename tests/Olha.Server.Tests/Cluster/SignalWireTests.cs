using Olha.Fanout;
using Olha.Server.Cluster;
using Olha.Server.Live;

namespace Olha.Server.Tests.Cluster;

public sealed class SignalWireTests
{
    const long Sender = -42;

    static readonly Frame s_frame = Frame.Text("olá"u8, Topics.Room(7), 5);

    static readonly Signal.Spent s_spent = new([new Spending(2, 3, 17), new Spending(1, long.MinValue, 0)]);

    static readonly Signal.Told s_told = new("ready"u8.ToArray());

    [Fact]
    public void Changes_arrive_as_they_were_sent()
    {
        var message = SignalWire.Write(Sender, new Signal.SayAll([s_frame, Frame.Text("b"u8, Topics.Room(7), 6)]));

        var all = Assert.IsType<Signal.SayAll>(SignalWire.Read(message));
        Assert.Equal((Sender, Topics.Room(7)), (SignalWire.SenderOf(message), SignalWire.TopicOf(message)));
        Assert.Equal([5, 6], all.Frames.Select(it => it.Rev));
        Assert.Equal(s_frame.Wire.ToArray(), all.Frames[0].Wire.ToArray());
    }

    [Fact]
    public void What_nobody_asks_for_again_stays_so()
    {
        var say = Assert.IsType<Signal.Say>(SignalWire.Read(SignalWire.Write(Sender, new Signal.Say(s_frame with { Ephemeral = true }))));

        Assert.True(say.Frame.Ephemeral);
    }

    [Fact]
    public void Other_signals_arrive_as_they_were_sent()
    {
        var cut = new Signal.Cut(Topics.Sockets(3), 9, 4401);
        Assert.Equal(cut, SignalWire.Read(SignalWire.Write(Sender, cut)));

        var spent = Assert.IsType<Signal.Spent>(SignalWire.Read(SignalWire.Write(Sender, s_spent)));
        Assert.Equal(Sender, spent.Node);
        Assert.Equal(s_spent.Spendings, spent.Spendings);

        var told = Assert.IsType<Signal.Told>(SignalWire.Read(SignalWire.Write(Sender, s_told)));
        Assert.Equal(s_told.Bytes.ToArray(), told.Bytes.ToArray());
    }

    [Fact]
    public void What_was_cut_off_or_is_noise_is_dropped()
    {
        var random = new Random(1);
        foreach (var signal in (Signal[])[new Signal.Say(s_frame), new Signal.Cut(Topics.Sockets(3), 9, 4401), s_spent, s_told])
        {
            var message = SignalWire.Write(Sender, signal);
            for (var length = 0; length < message.Length; length++) Assert.Null(SignalWire.Read(message.AsSpan(0, length)));
            for (var i = 0; i < 10_000; i++)
            {
                var noisy = message.ToArray();
                noisy[random.Next(noisy.Length)] = (byte)random.Next(256);
                _ = SignalWire.TopicOf(noisy);
                _ = SignalWire.Read(noisy);
            }
        }
    }
}
