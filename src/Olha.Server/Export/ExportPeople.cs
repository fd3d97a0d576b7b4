using Olha.Protocol;

namespace Olha.Server.Export;

/// <summary>Everybody's name and colour, for pages: as people see them.</summary>
internal sealed class ExportPeople(ExportWords words)
{
    const string NoColor = "inherit";

    readonly Dictionary<long, (string Name, string Color)> _people = [];

    public int Count => _people.Count;

    public void Add(Person person) => _people.Add(person.Id,
        person.State is PersonState.Deleted ? (words.Nobody, NoColor) : (person.DisplayName, person.Color));

    public string NameOf(long id) => _people.TryGetValue(id, out var person) ? person.Name : words.Nobody;

    public string ColorOf(long id) => _people.TryGetValue(id, out var person) ? person.Color : NoColor;

    /// <summary>A room's name; that of a direct room is its people's.</summary>
    public string TitleOf(Room room) => room.Name ?? string.Join(", ", (room.PeopleIds ?? []).Select(NameOf));
}
