using Olha.Fanout;
using Olha.Server.Cluster;
using Olha.Server.Live;
using Olha.Storage.Postgres;

namespace Olha.Server.Tests.Cluster;

public sealed class NoticeWireTests
{
    const long Sender = -42;

    [Fact]
    public void Heads_arrive_as_they_were_told_in_pieces_that_fit()
    {
        var heads = Enumerable.Range(1, 1_000).Select(it => (Topics.Room(it), long.MaxValue - it)).ToArray();

        var messages = NoticeWire.Write(Sender, heads).ToArray();

        Assert.Equal(3, messages.Length);
        Assert.All(messages, it => Assert.InRange(TextOf(it), 0, PostgresNotices.MostBytes));
        Assert.Equal(heads, messages.SelectMany(it => Assert.IsType<Notice.Heads>(NoticeWire.Read(it)).Streams));
    }

    [Fact]
    public void What_is_kept_arrives_as_it_was_told_in_pieces_that_fit()
    {
        var members = Enumerable.Range(1, 1_000).Select(it => new Kept(-it, it)).ToArray();

        var notices = NoticeWire.Write(Sender, "presença", members).Select(it => Assert.IsType<Notice.Keeps>(NoticeWire.Read(it))).ToArray();

        Assert.Equal(3, notices.Length);
        Assert.All(notices, it => Assert.Equal((Sender, "presença"), (it.Sender, it.Set)));
        Assert.Equal(members, notices.SelectMany(it => it.Members));
    }

    [Fact]
    public void Other_signals_and_a_hello_arrive_as_they_were_told()
    {
        var cut = new Signal.Cut(Topics.Sockets(3), 9, 4401);

        Assert.Equal(new Notice.Said(Sender, cut), NoticeWire.Read(NoticeWire.Write(Sender, cut)));
        Assert.Equal(new Notice.Hello(Sender), NoticeWire.Read(NoticeWire.WriteHello(Sender)));
    }

    [Fact]
    public void What_does_not_fit_is_not_told()
    {
        static Signal Of(int length) => new Signal.Say(Frame.Text(new byte[length], Topics.Room(1)) with { Ephemeral = true });

        Assert.InRange(TextOf(NoticeWire.Write(Sender, Of(5_000))!), 5_000, PostgresNotices.MostBytes);
        Assert.Null(NoticeWire.Write(Sender, Of(6_000)));
    }

    [Fact]
    public void What_was_cut_off_or_is_noise_is_dropped()
    {
        var random = new Random(1);
        foreach (var message in (byte[][])
            [
                .. NoticeWire.Write(Sender, [(Topics.Room(1), 2L)]), .. NoticeWire.Write(Sender, "presence", [new Kept(3, 4)]),
                NoticeWire.Write(Sender, new Signal.Cut(Topics.Sockets(3), 9, 4401))!, NoticeWire.WriteHello(Sender),
            ])
        {
            for (var length = 0; length < message.Length; length++) Assert.Null(NoticeWire.Read(message.AsSpan(0, length)));
            for (var i = 0; i < 10_000; i++)
            {
                var noisy = message.ToArray();
                noisy[random.Next(noisy.Length)] = (byte)random.Next(256);
                _ = NoticeWire.Read(noisy);
            }
        }
    }

    // Behind an epoch of 32 digits and a colon.
    static int TextOf(byte[] message) => 33 + Convert.ToBase64String(message).Length;
}
