namespace Olha.Load;

/// <summary>A community to be made: people who are all in General, rooms besides, and a session each.</summary>
/// <param name="Folder">Where its files go.</param>
/// <param name="People">How many; their ids are 1 to this.</param>
/// <param name="Rooms">Open rooms besides General; their ids begin at 2.</param>
/// <param name="RoomSize">Members of each. Person i is in room (i - 1) modulo <paramref name="Rooms"/>, as the load tool has it.</param>
internal sealed record SeedPlan(string Folder, int People, int Rooms = 0, int RoomSize = 0)
{
    /// <summary>The PostgreSQL database that is filled instead of a file: an empty one; null: none.</summary>
    public string? Address { get; init; }

    public string Database => Path.Combine(Folder, "olha.db");

    /// <summary>The header that signs a connection in, one line each.</summary>
    public string Headers => Path.Combine(Folder, "headers.txt");

    /// <summary>The first frame of a client that comes back holding everything, one line each.</summary>
    public string Hellos => Path.Combine(Folder, "hellos.txt");
}
