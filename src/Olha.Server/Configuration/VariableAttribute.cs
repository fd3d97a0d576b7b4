namespace Olha.Server.Configuration;

/// <summary>The environment variable that sets a property of <see cref="ServerOptions"/>. What it does is the property's summary.</summary>
/// <param name="name">The variable.</param>
/// <param name="accepts">What is accepted, as refusals of a wrong value and docs/configuration.md say it.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class VariableAttribute(string name, string accepts) : Attribute
{
    public string Name => name;

    public string Accepts => accepts;

    /// <summary>What holds when it is not set, where the property's own value does not say it.</summary>
    public string? Default { get; init; }

    /// <summary>Whether its value is never shown.</summary>
    public bool IsSecret { get; init; }
}
