using Olha.Protocol;

namespace Olha.Server.Accounts;

/// <summary>Roles as the database spells them.</summary>
internal static class Roles
{
    public const string Owner = "owner";
    public const string Member = "member";

    public static Role Parse(string word) => word switch
    {
        Owner => Role.Owner,
        Member => Role.Member,
        _ => throw new InvalidOperationException($"Nobody is '{word}'."),
    };
}
