using System.Text;

namespace Olha.Proof.Tests;

/// <summary>What the strains judge with: each must see what it is there for.</summary>
public sealed class StrainTests
{
    [Fact]
    public void A_digest_tells_a_loss_a_swap_and_a_stranger_apart()
    {
        LightFrame[] said = [new(1, 5, 10, 1, 0), new(1, 6, 11, 2, 1), new(1, 8, 12, 3, 2)];
        var whole = Held(said);

        Assert.Equal(whole, Held(said));
        Assert.Equal(whole, Held([said[0], said[0], said[1], said[2]])); // what is held already is dropped
        Assert.NotEqual(whole, Held([said[0], said[2]]));
        Assert.NotEqual(whole, Held([said[0], said[1] with { Post = 2 }, said[2] with { Post = 1 }]));
        Assert.NotEqual(whole, Held([said[0], said[1] with { Seq = 3 }, said[2]]));

        static ulong Held(IEnumerable<LightFrame> frames)
        {
            var room = new LightRoom(4);
            foreach (var frame in frames) room.Take(frame);
            return room.Digest;
        }
    }

    [Fact]
    public void A_frame_is_read_as_far_as_its_place_in_the_stream()
    {
        var text = Encoding.UTF8.GetBytes("""
            {"type":"message","roomId":7,"message":{"id":12,"roomId":7,"seq":3,"rev":9,"authorId":2,"cid":"p41","kind":"text","body":"{\"rev\":1}","mentions":[1]},"rev":9}
            """);

        Assert.Equal("message"u8, LightFrame.TypeOf(text));
        Assert.Equal(new LightFrame(7, 9, 12, 3, 41), LightFrame.Read(text));
        Assert.Equal(new LightFrame(7, 10, 0, 0, -1), LightFrame.Read("""{"type":"member","rev":10,"roomId":7,"member":{"rev":10}}"""u8));
        Assert.Equal(-1, Talk.PostOf("pa"u8));
    }

    [Fact]
    public void A_slope_is_what_grows_in_an_hour()
    {
        Assert.Equal(6, Slope.PerHour([(0, 100), (0.5, 103), (1, 106)]), 6);
        Assert.Equal(0, Slope.PerHour([(0, 7), (1, 7)]), 6);
    }

    [Fact]
    public void Latencies_are_told_by_their_share()
    {
        var latencies = new Latencies();
        for (var ms = 1; ms <= 100; ms++) latencies.Add(TimeSpan.FromMilliseconds(ms));
        Assert.InRange(latencies.Quantile(0.99), 98.9, 99.2);
        Assert.InRange(latencies.Quantile(0.5), 49.9, 50.2);
        Assert.Equal(0, new Latencies().Quantile(0.99));
    }
}
