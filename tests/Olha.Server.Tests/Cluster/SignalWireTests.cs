using Olha.Fanout;
using Olha.Server.Cluster;
using Olha.Server.Live;

namespace Olha.Server.Tests.Cluster;

public sealed class SignalWireTests
{
    const long Sender = -42;

    static readonly Frame s_frame = Frame.Text("olá"u8, Topics.Room(7), 5);

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
        foreach (var signal in (Signal[])[new Signal.Cut(Topics.Sockets(3), 9, 4401), new Signal.Spent(2, 3, 17)])
            Assert.Equal(signal, SignalWire.Read(SignalWire.Write(Sender, signal)));
    }

    [Fact]
    public void What_was_cut_off_or_is_noise_is_dropped()
    {
        var random = new Random(1);
        foreach (var signal in (Signal[])[new Signal.Say(s_frame), new Signal.Cut(Topics.Sockets(3), 9, 4401), new Signal.Spent(2, 3, 17)])
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
