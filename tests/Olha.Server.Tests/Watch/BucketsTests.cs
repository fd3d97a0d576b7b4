using Olha.Server.Watch;

namespace Olha.Server.Tests.Watch;

/// <summary>Percentiles from counts of durations.</summary>
public sealed class BucketsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(137)]
    [InlineData(1_000)]
    [InlineData(999_999)]
    [InlineData(30_000_000)]
    public void A_duration_is_told_at_most_an_eighth_too_long(long microseconds)
    {
        var buckets = new Buckets();
        long[]? before = null;
        buckets.Add(TimeSpan.FromMicroseconds(microseconds));

        var told = Buckets.AtMost(buckets.Since(ref before), 0.5)!.Value.TotalMicroseconds;

        Assert.InRange(told, microseconds, microseconds * 1.125 + 1);
    }

    [Fact]
    public void One_in_a_hundred_is_beyond_the_99th_of_a_hundred_parts()
    {
        var buckets = new Buckets();
        long[]? before = null;
        buckets.Add(TimeSpan.FromSeconds(9));
        buckets.Since(ref before);
        for (var i = 0; i < 99; i++) buckets.Add(TimeSpan.FromMilliseconds(1));
        buckets.Add(TimeSpan.FromSeconds(1));

        var counts = buckets.Since(ref before);

        Assert.InRange(Buckets.AtMost(counts, 0.99)!.Value.TotalMilliseconds, 1, 1.2);
        Assert.InRange(Buckets.AtMost(counts, 1)!.Value.TotalMilliseconds, 1000, 1125);
        Assert.Null(Buckets.AtMost(buckets.Since(ref before), 0.99));
    }

    [Fact]
    public void What_takes_for_ever_is_counted_too()
    {
        var buckets = new Buckets();
        long[]? before = null;
        buckets.Add(TimeSpan.MaxValue);
        buckets.Add(TimeSpan.FromSeconds(-1));

        Assert.Equal(2, buckets.Since(ref before).Sum());
    }
}
