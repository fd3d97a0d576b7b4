using Olha.Protocol;

namespace Olha.Server.Accounts;

/// <summary>Roles as the database spells them.</summary>
internal static class Roles
{
    public const string Owner = "owner";
    public const string Admin = "admin";
    public const string Member = "member";
    public const string Guest = "guest";

    public static Role Parse(string word) => word switch
    {
        Owner => Role.Owner,
        Admin => Role.Admin,
        Member => Role.Member,
        Guest => Role.Guest,
        _ => throw new InvalidOperationException($"Nobody is '{word}'."),
    };

    public static string Word(Role role) => role switch
    {
        Role.Owner => Owner,
        Role.Admin => Admin,
        Role.Member => Member,
        _ => Guest,
    };
}
