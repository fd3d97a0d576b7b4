using System.Globalization;
using Olha.Protocol;
using Olha.Server.Membership;

namespace Olha.Server.Adoption;

/// <summary>A channel of the original as an open room.</summary>
/// <param name="Id">As it was.</param>
/// <param name="Name">As it was, where today's rules let it stand and no other room has it.</param>
/// <param name="Topic">What the channel described itself as.</param>
/// <param name="CreatorId">Who made it; null when they are gone.</param>
/// <param name="General">The room that everybody is in.</param>
/// <param name="CreatedAt">Milliseconds since 1970 UTC.</param>
internal sealed record AdoptedRoom(long Id, string Name, string? Topic, long? CreatorId, bool General, long CreatedAt)
{
    const string GeneralName = "General";

    /// <summary>One room for each channel, and General if none was called so, whatever the case.</summary>
    public static List<AdoptedRoom> From(IReadOnlyList<OldChannel> channels, IReadOnlyList<AdoptedPerson> people)
    {
        var ids = people.Select(person => person.Id).ToHashSet();
        var earliest = people.Min(person => person.CreatedAt);
        var names = Names(channels);
        var general = Array.FindIndex(names, name => PlainLine.Fold(name) == PlainLine.Fold(GeneralName));

        var rooms = channels.Select((channel, i) => new AdoptedRoom(
            channel.Id, names[i], Mending.Line(channel.Description, RoomWords.LongestTopic),
            channel.CreatedBy is { } creator && ids.Contains(creator) ? creator : null, i == general, channel.CreatedAt ?? earliest)).ToList();
        if (general < 0) rooms.Add(new AdoptedRoom(FreeId(channels), GeneralName, null, null, true, earliest));
        return rooms;
    }

    // Names of open rooms differ in more than case. Who may keep theirs comes first; the others get a number behind it.
    static string[] Names(IReadOnlyList<OldChannel> channels)
    {
        var (names, taken) = (new string[channels.Count], new HashSet<string>());
        for (var i = 0; i < names.Length; i++)
            if (RoomWords.TryReadName(channels[i].Name, out var name) && taken.Add(PlainLine.Fold(name))) names[i] = name;
        for (var i = 0; i < names.Length; i++) names[i] ??= Free(channels[i], taken);
        return names;
    }

    static string Free(OldChannel channel, HashSet<string> taken)
    {
        var name = Mending.Line(channel.Name, RoomWords.LongestName) ?? $"channel-{channel.Id}";
        var free = name;
        for (var i = 2; !taken.Add(PlainLine.Fold(free)); i++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $" ({i})");
            free = Mending.Cut(name, RoomWords.LongestName - suffix.Length).TrimEnd() + suffix;
        }
        return free;
    }

    static long FreeId(IReadOnlyList<OldChannel> channels) =>
        channels.Any(channel => channel.Id == 1) ? channels.Max(channel => channel.Id) + 1 : 1;
}
