namespace Olha.Server.Commands;

/// <summary>What somebody may have meant who typed something else.</summary>
internal static class Nearest
{
    /// <summary>The word that is fewest slips away: a letter that is missing, too many, another one, or changed places with its neighbour.
    /// What is left out at a long word's end is one slip. Null: none is near, a slip for every three letters.</summary>
    public static string? To(string typed, IEnumerable<string> words) => words
        .Select(word => (Word: word, Slips: typed.Length > 3 && word.StartsWith(typed, StringComparison.OrdinalIgnoreCase) && word.Length > typed.Length
            ? 1 : Slips(typed.ToUpperInvariant(), word.ToUpperInvariant())))
        .Where(it => it.Slips <= Math.Max(1, it.Word.Length / 3) && it.Slips < it.Word.Length)
        .OrderBy(it => it.Slips).Select(it => it.Word).FirstOrDefault();

    /// <summary>The restricted distance of Damerau and Levenshtein.</summary>
    public static int Slips(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
