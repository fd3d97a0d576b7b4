namespace Olha.Load;

/// <summary>What a figure is to be.</summary>
/// <param name="Words">As a report says it.</param>
/// <param name="IsMet">Told the figure and what it is held against.</param>
internal sealed record Goal(string Words, Func<double, Beside, bool> IsMet)
{
    const double MostOfOriginal = 1.1;

    /// <summary>The most that it may be, told the floor's figure; null: that is no limit above.</summary>
    public Func<double, double>? Limit { get; private init; }

    public static Goal TimesFloor(double times) =>
        new(FormattableString.Invariant($"≤ {times} × floor"), (it, beside) => it <= times * beside.Floor) { Limit = floor => times * floor };

    /// <summary>As <see cref="TimesFloor"/>, of what a delivery costs: the v1 door, where there are both, is held against the original's.</summary>
    public static Goal CostTimesFloor(double times) => new(
        FormattableString.Invariant($"≤ {times} × floor, v1 ≤ {MostOfOriginal} × the original's"),
        (it, beside) => beside.Original is { } original ? it <= MostOfOriginal * original : it <= times * beside.Floor)
    {
        Limit = floor => times * floor,
    };

    /// <summary>Held against another case, by its title.</summary>
    public static Goal TimesCase(double times, string title) =>
        new(FormattableString.Invariant($"≤ {times} × {title}"), (it, beside) => it <= times * beside.Case(title));

    /// <summary>Held against another case, by its title.</summary>
    public static Goal AboveCase(double more, string unit, string title) =>
        new(FormattableString.Invariant($"≤ {title} + {more} {unit}"), (it, beside) => it <= beside.Case(title) + more);

    public static Goal AtMost(double most, string unit) =>
        new(FormattableString.Invariant($"≤ {most:#,0.##} {unit}").TrimEnd(), (it, _) => it <= most) { Limit = _ => most };

    public static Goal AtLeast(double least, string unit) =>
        new(FormattableString.Invariant($"≥ {least:#,0.##} {unit}").TrimEnd(), (it, _) => it >= least);

    /// <summary>A commit alone may take two syncs of the disk and a millisecond.</summary>
    public static Goal TwoSyncs { get; } = new("≤ 2 × fdatasync + 1 ms", (it, beside) => it <= 2 * beside.Sync + 1);
}

/// <summary>What a figure is held against.</summary>
/// <param name="Floor">The floor's.</param>
/// <param name="Original">That of the original's door, for the v1 door beside it; null: this is that door, or there is none.</param>
/// <param name="Sync">Milliseconds that one fdatasync takes.</param>
/// <param name="Case">The same figure of another case, by its title, at the same door; null: there is none that counts, and no goal is met.</param>
internal sealed record Beside(double? Floor, double? Original, double Sync, Func<string, double?> Case);

/// <summary>A figure that a report shows.</summary>
/// <param name="Key">Its name in <see cref="Figures"/>.</param>
/// <param name="Words">Its name in a report.</param>
/// <param name="Decimals">How exact it is.</param>
/// <param name="Goal">Of ours at either door; null: it is only shown.</param>
internal sealed record Metric(string Key, string Words, int Decimals, Goal? Goal = null);
