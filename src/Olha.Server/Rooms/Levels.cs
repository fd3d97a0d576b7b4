using Olha.Protocol;

namespace Olha.Server.Rooms;

/// <summary>Levels as the database spells them.</summary>
internal static class Levels
{
    /// <summary>The level of a place; where none was set, what suits the kind: who writes to you directly means you.</summary>
    public static RoomLevel Of(string? word, RoomKind kind) => word switch
    {
        null => kind == RoomKind.Direct ? RoomLevel.Everything : RoomLevel.Mentions,
        "everything" => RoomLevel.Everything,
        "mentions" => RoomLevel.Mentions,
        "nothing" => RoomLevel.Nothing,
        "hidden" => RoomLevel.Hidden,
        _ => throw new InvalidOperationException($"No level is '{word}'."),
    };

    public static string Word(RoomLevel level) => level switch
    {
        RoomLevel.Everything => "everything",
        RoomLevel.Mentions => "mentions",
        RoomLevel.Nothing => "nothing",
        _ => "hidden",
    };
}
