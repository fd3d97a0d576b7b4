using Olha.Server.Accounts;

namespace Olha.Server.Adoption;

/// <summary>A user of the original as somebody with an account here.</summary>
/// <param name="Id">As it was.</param>
/// <param name="Username">As it was, whatever today's rules say of it.</param>
/// <param name="Key">The folded name; null when somebody with a lower id has it: they are found by their exact name.</param>
/// <param name="DisplayName">The name, as far as it can be shown on a line.</param>
/// <param name="PasswordHash">As it was.</param>
/// <param name="Color">0xRRGGBB.</param>
/// <param name="Role">As the database spells it.</param>
/// <param name="CreatedAt">Milliseconds since 1970 UTC.</param>
internal sealed record AdoptedPerson(
    long Id, string Username, string? Key, string DisplayName, string PasswordHash, int Color, string Role, long CreatedAt)
{
    const int LongestDisplayName = 64;

    // No hash has this form, so no password is right.
    const string NoPassword = "!";

    /// <summary>Everybody by id; the lowest owns the server.</summary>
    public static List<AdoptedPerson> From(IReadOnlyList<OldUser> users, long now)
    {
        var (people, names, keys) = (new List<AdoptedPerson>(users.Count), new HashSet<string>(), new HashSet<string>());
        foreach (var user in users)
        {
            // A time that can't be read is that of whoever came before.
            var createdAt = user.CreatedAt ?? (people.Count > 0 ? people[^1].CreatedAt : now);
            var role = people.Count == 0 ? Roles.Owner : Roles.Member;
            people.Add(New(user.Id, user.Username ?? "", user.Password, people.Count, role, createdAt, names, keys));
        }
        return people;
    }

    /// <summary>Whom messages belong to whose users are gone. Nobody can sign in as them.</summary>
    public static AdoptedPerson StandIn(IReadOnlyList<AdoptedPerson> people)
    {
        var (names, keys) = (people.Select(person => person.Username).ToHashSet(), people.Select(person => person.Key ?? "").ToHashSet());
        return New(people[^1].Id + 1, "unknown", null, people.Count, Roles.Member, people.Min(person => person.CreatedAt), names, keys);
    }

    static AdoptedPerson New(
        long id, string name, string? password, int place, string role, long createdAt, HashSet<string> names, HashSet<string> keys)
    {
        // Two names can only be one where bytes that are no text, and so can't be typed, read alike.
        var username = name;
        for (var i = 1; !names.Add(username); i++) username = i == 1 ? $"{name}-{id}" : $"{name}-{id}-{i}";

        var key = UserName.KeyOf(username);
        return new(id, username, keys.Add(key) ? key : null, Mending.Line(username, LongestDisplayName) ?? $"user-{id}",
            string.IsNullOrEmpty(password) ? NoPassword : password, Palette.Colors[place % Palette.Colors.Count], role, createdAt);
    }
}
