namespace Olha.Load;

/// <summary>Rooms of the sizes that a day has, whose members are connected to any of some nodes.</summary>
internal sealed class Town
{
    const int Seed = 11;
    const int PeopleANode = 250;
    const int RoomsAPerson = 2; // of each size
    const int MostRooms = 4000; // of each size

    readonly Random _chance = new(Seed);
    readonly List<(double UpTo, int First, int Count)> _sizes = [];
    readonly List<int[]> _nodesOf = [];

    public Town(Day day, int nodes)
    {
        var people = PeopleANode * nodes;
        var upTo = 0.0;
        foreach (var (share, members) in day.Rooms)
        {
            var size = Math.Min(members, people);
            var count = Math.Clamp(people * RoomsAPerson / size, 1, MostRooms);
            _sizes.Add((upTo += share, _nodesOf.Count, count));
            for (var room = 0; room < count; room++)
                _nodesOf.Add([.. Enumerable.Range(0, size).Select(_ => _chance.Next(nodes)).Distinct()]);
        }
    }

    public int Rooms => _nodesOf.Count;

    /// <summary>The nodes at which members of a room are.</summary>
    public IReadOnlyList<int> NodesOf(int room) => _nodesOf[room];

    /// <summary>Where the next message is said, and at which node.</summary>
    public (int Room, int Node) Next()
    {
        var at = _chance.NextDouble() * _sizes[^1].UpTo;
        var (_, first, count) = _sizes.First(it => at < it.UpTo);
        var room = first + _chance.Next(count);
        return (room, _nodesOf[room][_chance.Next(_nodesOf[room].Length)]);
    }
}
