using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A part of I2: over one connection a stream's revisions rise, from above what hello said that is held, nothing comes twice.</summary>
internal static class WireOrder
{
    public static IEnumerable<Violation> Check(Evidence seen) =>
        seen.Visits.Where(static visit => visit.Opened.Hello is not null).SelectMany(static visit => new Wire(visit).Check());

    sealed class Wire(Visit visit)
    {
        readonly Hello _hello = visit.Opened.Hello!;
        readonly Dictionary<long, long> _last = [];
        readonly Dictionary<long, long> _owed = []; // by room, the head up to which something was missed and nothing has come of it yet
        long _person;
        long _server;
        Welcome? _welcome;

        public IEnumerable<Violation> Check() => visit.Heard.SelectMany(heard => Take(heard).Select(said => new Violation(
            2, $"connection {visit.Connection} of device {visit.Device}: {said.Said}", said.RoomId, (heard.Frame as MessageChange)?.Message.Seq,
            visit.Device, heard.At)));

        IEnumerable<(string Said, long? RoomId)> Take(Heard heard) => heard.Frame switch
        {
            Welcome welcome => Begin(welcome),
            Bye => [],
            _ when _welcome is null => [($"{heard.Frame.GetType().Name} came before welcome", null)],
            RoomChanges changes => Replay(changes),
            Behind behind => Skip(behind),
            MessageChange change => Live(change, change.RoomId, change.Message.RoomId, change.Message.Rev),
            MemberChange change => Live(change, change.RoomId, change.Member.RoomId, change.Member.Rev),
            RoomChange change => Live(change, change.RoomId, change.Room.Id, change.Room.Rev),
            PlaceChange or SavedChange or DraftChange => Own((Change)heard.Frame, ref _person, "the person's"),
            PersonChange or SettingsChange => Own((Change)heard.Frame, ref _server, "the server's"),
            _ => [],
        };

        List<(string, long?)> Begin(Welcome welcome)
        {
            var faults = new List<(string, long?)>();
            if (_welcome is not null) faults.Add(("welcome came twice", null));
            _welcome = welcome;
            (_person, _server) = (welcome.PersonHead, welcome.ServerHead);
            var resumed = _hello.Epoch == welcome.Epoch;
            if (resumed && _hello.Person > welcome.PersonHead)
                faults.Add(($"the person's stream is at {welcome.PersonHead}, and the device held {_hello.Person}", null));
            foreach (var place in welcome.Rooms)
            {
                _last[place.RoomId] = place.Head;
                if (!resumed || _hello.Rooms?.TryGetValue(place.RoomId, out var held) != true) continue;
                if (held > place.Head) faults.Add(($"room {place.RoomId} is at {place.Head}, and the device held {held}", place.RoomId));
                else if (held < place.Head) _owed[place.RoomId] = place.Head;
            }
            return faults;
        }

        IEnumerable<(string, long?)> Replay(RoomChanges changes)
        {
            if (!_owed.Remove(changes.RoomId, out var head))
            {
                yield return ($"changes of room {changes.RoomId} came up to {changes.Complete}, of which the device had missed nothing", changes.RoomId);
                yield break;
            }
            // Ascending and above what was held: StreamsWhole looks into every range alike.
            if (changes.Complete < head)
                yield return ($"changes of room {changes.RoomId} end at {changes.Complete}, below the {head} of welcome", changes.RoomId);
            _last[changes.RoomId] = changes.Complete;
        }

        IEnumerable<(string, long?)> Skip(Behind behind)
        {
            if (!_owed.Remove(behind.RoomId, out var head))
                yield return ($"the device is behind in room {behind.RoomId}, of which it had missed nothing", behind.RoomId);
            else if (behind.Head < head)
                yield return ($"room {behind.RoomId} is at {behind.Head}, and {head} in welcome", behind.RoomId);
        }

        IEnumerable<(string, long?)> Live(Change change, long roomId, long formRoomId, long formRev)
        {
            if (roomId != formRoomId || change.Rev != formRev)
                yield return ($"a change of room {roomId} at {change.Rev} carries a form of room {formRoomId} at {formRev}", roomId);
            if (_owed.Remove(roomId, out var head))
                yield return ($"{change.Rev} of room {roomId} came before what was missed up to {head}", roomId);
            if (_last.TryGetValue(roomId, out var last) && change.Rev <= last)
                yield return ($"{change.Rev} of room {roomId} came behind {last}", roomId);
            _last[roomId] = Math.Max(last, change.Rev);
        }

        IEnumerable<(string, long?)> Own(Change change, ref long last, string whose)
        {
            var before = last;
            last = Math.Max(last, change.Rev);
            return change.Rev > before ? [] : [($"{change.Rev} of {whose} stream came behind {before}", null)];
        }
    }
}
