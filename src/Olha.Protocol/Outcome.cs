using System.Diagnostics.CodeAnalysis;

namespace Olha.Protocol;

/// <summary>What was asked for, or the reason it was refused.</summary>
public readonly struct Outcome<T>
{
    readonly T? _value;
    readonly Refusal? _refusal;

    Outcome(T? value, Refusal? refusal) => (_value, _refusal) = (value, refusal);

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (_value, _refusal);
        return refusal is null;
    }

    /// <summary>As <see cref="TryGet"/>, where nothing is a good answer too.</summary>
    public bool TryGetOrNull(out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (_value, _refusal);
        return refusal is null;
    }

    /// <summary>The reason, or null when it was done.</summary>
    public Refusal? Refusal => _refusal;

    public static implicit operator Outcome<T>(T value) => new(value, null);
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}
