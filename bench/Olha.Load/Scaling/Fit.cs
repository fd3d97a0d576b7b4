namespace Olha.Load;

/// <summary>Two costs that explain some measurements best: y = X x + Z z.</summary>
/// <remarks>Least squares: of the relative errors, where what is small is to count as much as what is large. No cost is below nothing: when one would
/// be, the other explains all.</remarks>
internal static class Fit
{
    public static (double X, double Z) Of(IReadOnlyList<(double X, double Z, double Y)> measured, bool isRelative = true)
    {
        double Sum(Func<(double X, double Z, double Y), double> of) => measured.Where(static it => it.Y > 0).Sum(it => of(it) / (isRelative ? it.Y * it.Y : 1));
        double xx = Sum(static it => it.X * it.X), xz = Sum(static it => it.X * it.Z), zz = Sum(static it => it.Z * it.Z);
        double xy = Sum(static it => it.X * it.Y), zy = Sum(static it => it.Z * it.Y);
        var (x, z) = ((xy * zz - zy * xz) / (xx * zz - xz * xz), (zy * xx - xy * xz) / (xx * zz - xz * xz));
        return x < 0 ? (0, zy / zz) : z < 0 ? (xy / xx, 0) : (x, z);
    }
}
