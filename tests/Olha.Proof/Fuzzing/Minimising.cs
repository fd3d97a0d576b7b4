namespace Olha.Proof;

/// <summary>Delta debugging (Zeller, Hildebrandt): takes parts away as long as what is left still fails.</summary>
internal static class Minimising
{
    /// <summary>A shorter list that fails still.</summary>
    /// <param name="parts">What fails.</param>
    /// <param name="fails">Tries what is left. Must be true of <paramref name="parts"/>.</param>
    /// <param name="most">How many tries it may take.</param>
    public static async Task<IReadOnlyList<T>> RunAsync<T>(IReadOnlyList<T> parts, Func<IReadOnlyList<T>, Task<bool>> fails, int most)
    {
        for (var size = (parts.Count + 1) / 2; size >= 1;)
        {
            var shorter = false;
            for (var at = 0; at < parts.Count && parts.Count > 1; at += size)
            {
                if (most-- <= 0) return parts;
                T[] left = [.. parts.Take(at), .. parts.Skip(at + size)];
                if (left.Length == 0 || !await fails(left)) continue;
                (parts, shorter) = (left, true);
                at -= size;
            }
            if (!shorter || size > parts.Count) size = size == 1 ? 0 : Math.Min(size, parts.Count + 1) / 2;
        }
        return parts;
    }
}
