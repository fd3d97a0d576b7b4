using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A part of I8: counts that were told while the run went on, wherever the room at their head can be put together from what was seen of it.</summary>
internal sealed class CountsMeanwhile(Evidence seen)
{
    // By room: each revision's message, or null for another thing's. Lines of comings and goings stand behind the revision of the membership.
    readonly Dictionary<long, SortedDictionary<long, Message?>> _known = Known(seen);
    readonly Dictionary<long, long> _whole = [];

    public IEnumerable<Violation> Check()
    {
        foreach (var (room, revs) in _known)
        {
            var whole = 0L;
            foreach (var rev in revs.Keys)
                if (rev == whole + 1) whole = rev;
                else break;
            _whole[room] = whole;
        }
        foreach (var (device, at, told) in Told())
        {
            // Where one form is missing nobody can say what was counted.
            if (told.Head > _whole.GetValueOrDefault(told.RoomId)) continue;
            var person = seen.PersonOf(device);
            var right = CountsRight.Count(MessagesAt(told.RoomId, told.Head), person, told.Mark);
            if (right != (told.Unread, told.Mentions))
                yield return new Violation(
                    8, $"device {device} was told {told.Unread} unread and {told.Mentions} mentions of room {told.RoomId} at {told.Head}, where above the "
                        + $"mark {told.Mark} there were {right.Unread} and {right.Mentions}",
                    told.RoomId, null, device, at);
        }
    }

    IEnumerable<(int Device, long At, ReadState Told)> Told()
    {
        foreach (var entry in seen.Run.Entries)
        {
            var what = entry switch { Heard heard => heard.Frame, Fetched fetched => fetched.Answer, _ => null };
            foreach (var told in StatesIn(what)) yield return (entry.Device, entry.At, told);
        }
    }

    static IEnumerable<ReadState> StatesIn(object? what) => what switch
    {
        Place { Joined: true } place => [new ReadState(place.RoomId, place.Mark, place.Unread, place.Head, place.Rev, place.Mentions)],
        PlaceChange change => StatesIn(change.Place),
        StreamChanges changes => changes.Changes.SelectMany(StatesIn),
        Welcome welcome => welcome.Rooms.SelectMany(StatesIn),
        RoomChanges changes => [changes.Read],
        MessagePage page => [page.Read],
        _ => [],
    };

    IEnumerable<Message> MessagesAt(long roomId, long head)
    {
        var latest = new Dictionary<long, Message>();
        foreach (var (rev, message) in _known[roomId])
        {
            if (rev > head) break;
            if (message is not null) latest[message.Seq] = message;
        }
        return latest.Values;
    }

    static Dictionary<long, SortedDictionary<long, Message?>> Known(Evidence seen)
    {
        var known = seen.Run.Truth.Rooms.ToDictionary(static room => room.Id, static _ => new SortedDictionary<long, Message?> { [1] = null });
        foreach (var form in seen.Forms)
        {
            if (!known.TryGetValue(form.Thing.RoomId, out var revs)) continue;
            if (form.Message is not null || !revs.ContainsKey(form.Rev)) revs[form.Rev] = form.Message;
            if (form.Message?.System is { Event: SystemEvent.Joined or SystemEvent.Left or SystemEvent.Invited or SystemEvent.Removed })
                revs.TryAdd(form.Rev - 1, null);
        }
        return known;
    }
}
