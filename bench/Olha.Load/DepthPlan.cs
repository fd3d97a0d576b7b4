namespace Olha.Load;

/// <summary>Much history: messages in rooms whose sizes follow Zipf's law, the n-th room an n-th of the first.</summary>
/// <param name="Folder">Where its files go.</param>
/// <param name="Messages">How many, in all rooms together.</param>
internal sealed record DepthPlan(string Folder, int Messages)
{
    public const int Rooms = 1000;
    public const int People = 1000;
    public const int RoomSize = 20;

    /// <summary>Revisions that a room has before its first message: its own row's and its members'.</summary>
    public const int BeforeTalk = 1 + RoomSize;

    /// <summary>What a member has not read: so much at most, by their place among the members.</summary>
    public const int MostUnread = 200;

    public string Database => Path.Combine(Folder, "olha.db");

    /// <summary>The header that signs a person in, one line each.</summary>
    public string Headers => Path.Combine(Folder, "headers.txt");

    /// <summary>How many messages each room has, one line each.</summary>
    public string Sizes => Path.Combine(Folder, "sizes.txt");

    /// <summary>What it was made from; it is made anew when that has changed.</summary>
    public string Stamp => Path.Combine(Folder, "stamp.txt");

    /// <summary>Rooms are numbered from 0; before them comes General, whose id is 1.</summary>
    public static int Id(int room) => room + 2;

    /// <summary>The id of a room's member, 0 to <see cref="RoomSize"/> - 1.</summary>
    public static int Member(int room, int member) => 1 + (room + member * (People / RoomSize)) % People;

    /// <summary>How many texts a member has not read: nobody reads everything, some have been away.</summary>
    public static int Unread(int member) => MostUnread * member / (RoomSize - 1);
}
