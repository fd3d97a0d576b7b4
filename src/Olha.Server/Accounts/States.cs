using Olha.Protocol;

namespace Olha.Server.Accounts;

/// <summary>States of an account as the database spells them.</summary>
internal static class States
{
    public const string Active = "active";
    public const string Disabled = "disabled";
    public const string Banned = "banned";
    public const string Deleted = "deleted";

    public static PersonState Parse(string word) => word switch
    {
        Active => PersonState.Active,
        Disabled => PersonState.Disabled,
        Banned => PersonState.Banned,
        Deleted => PersonState.Deleted,
        _ => throw new InvalidOperationException($"Nobody is '{word}'."),
    };

    public static string Word(PersonState state) => state switch
    {
        PersonState.Active => Active,
        PersonState.Disabled => Disabled,
        PersonState.Banned => Banned,
        _ => Deleted,
    };
}
