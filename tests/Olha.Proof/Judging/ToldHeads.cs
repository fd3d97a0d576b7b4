using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What was told of how far a room's stream has come.</summary>
internal static class ToldHeads
{
    /// <summary>The heads of rooms in an answer or a frame, and where they stand in it: a word for sentences.</summary>
    public static IEnumerable<(long RoomId, long Head, string Where)> In(object what) => what switch
    {
        Place { Joined: true } place => [(place.RoomId, place.Head, "its place")],
        PlaceChange change => In(change.Place),
        MessagePage page => [(page.RoomId, page.Complete, "a page")],
        RoomChanges changes => [(changes.RoomId, changes.Head, "changes")],
        StreamChanges changes => changes.Changes.SelectMany(In),
        Behind behind => [(behind.RoomId, behind.Head, "behind")],
        Ping { Heads.Rooms: { } rooms } => rooms.Select(static it => (it.Key, it.Value, "ping")),
        Welcome welcome => welcome.Rooms.Select(static place => (place.RoomId, place.Head, "welcome")),
        _ => [],
    };
}
