namespace Olha.Proof;

/// <summary>How fast something grows: the slope of the least squares.</summary>
internal static class Slope
{
    /// <param name="points">Hours and values.</param>
    /// <returns>Values an hour; 0 for fewer than two points.</returns>
    public static double PerHour(IReadOnlyList<(double Hours, double Value)> points)
    {
        if (points.Count < 2) return 0;
        var (x, y) = (points.Average(static it => it.Hours), points.Average(static it => it.Value));
        var spread = points.Sum(it => (it.Hours - x) * (it.Hours - x));
        return spread == 0 ? 0 : points.Sum(it => (it.Hours - x) * (it.Value - y)) / spread;
    }
}
