namespace Olha.Proof;

/// <summary>Names with numbers in the order in which people count: F2 before F10.</summary>
internal static class Natural
{
    public static IComparer<string> Order { get; } = Comparer<string>.Create(static (a, b) => Key(a).CompareTo(Key(b)));

    static (string Word, int Number, string Tail) Key(string name)
    {
        var at = name.AsSpan().IndexOfAnyInRange('0', '9');
        if (at < 0) return (name, 0, "");
        var digits = name.AsSpan(at).IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : name.Length - at;
        return int.TryParse(name.AsSpan(at, digits), out var number) ? (name[..at], number, name[(at + digits)..]) : (name, 0, "");
    }
}
