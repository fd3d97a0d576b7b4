namespace Olha.Load;

/// <summary>What was measured at some sizes, and straight lines between; beyond the last it goes on as between the last two.</summary>
/// <param name="Points">At least two, by size.</param>
internal sealed record Curve(IReadOnlyList<(double Size, double Value)> Points)
{
    public double At(double size)
    {
        var right = Math.Clamp(Points.Count(point => point.Size < size), 1, Points.Count - 1);
        var ((from, low), (to, high)) = (Points[right - 1], Points[right]);
        return Math.Max(0, low + (size - from) / (to - from) * (high - low));
    }

    public Curve Times(double factor) => new([.. Points.Select(point => (point.Size, factor * point.Value))]);
}
