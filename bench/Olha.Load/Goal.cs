namespace Olha.Load;

/// <summary>What a figure is to be.</summary>
/// <param name="Words">As a report says it.</param>
/// <param name="IsMet">Told the figure, the floor's, and what one fdatasync takes in milliseconds.</param>
internal sealed record Goal(string Words, Func<double, double?, double, bool> IsMet)
{
    /// <summary>The most that it may be, told the floor's figure; null: that is no limit above.</summary>
    public Func<double, double>? Limit { get; private init; }

    public static Goal TimesFloor(double times) =>
        new(FormattableString.Invariant($"≤ {times} × floor"), (it, floor, _) => it <= times * floor) { Limit = floor => times * floor };

    public static Goal AtMost(double most, string unit) =>
        new(FormattableString.Invariant($"≤ {most:#,0.##} {unit}").TrimEnd(), (it, _, _) => it <= most) { Limit = _ => most };

    public static Goal AtLeast(double least, string unit) => new(FormattableString.Invariant($"≥ {least:N0} {unit}"), (it, _, _) => it >= least);

    /// <summary>A commit alone may take two syncs of the disk and a millisecond.</summary>
    public static Goal TwoSyncs { get; } = new("≤ 2 × fdatasync + 1 ms", (it, _, sync) => it <= 2 * sync + 1);
}

/// <summary>A figure that a report shows.</summary>
/// <param name="Key">Its name in <see cref="Figures"/>.</param>
/// <param name="Words">Its name in a report.</param>
/// <param name="Decimals">How exact it is.</param>
/// <param name="Goal">Of ours at either door; null: it is only shown.</param>
internal sealed record Metric(string Key, string Words, int Decimals, Goal? Goal = null);
