using Olha.Protocol;

namespace Olha.Proof;

/// <summary>An entry of a history in a few words.</summary>
/// <param name="run">The run.</param>
/// <param name="asked">By operation, the first attempt.</param>
/// <param name="only">Of what concerns several rooms only this one; null: all of them.</param>
internal sealed class EntryWords(Run run, IReadOnlyDictionary<int, Asked> asked, long? only)
{
    const int Longest = 40;
    const int MostChanges = 4;

    /// <summary>Device, person and door.</summary>
    public string Who(Entry entry)
    {
        if (entry.Device < 0) return "the world";
        var plan = run.Plan.Devices[entry.Device];
        return $"{entry.Device} {PlanMaker.NameOf(plan.Person)} ({run.People[plan.Person]}) {plan.Door switch { Door.Socket => "v1", Door.Http => "http", _ => "original" }}";
    }

    public static char Arrow(Entry entry) => entry switch { Asked or Opened => '→', Closed => '✕', Happened => '⚡', _ => '←' };

    public string Of(Entry entry) => entry switch
    {
        Happened it => it.What,
        Asked it => $"#{it.Op} {Wish(it)}{(it.Connection > 0 ? $", connection {it.Connection}" : "")}",
        Answered it => $"#{it.Op} {Answer(it)}",
        Opened { Hello: null } it => $"comes in, connection {it.Connection}",
        Opened it => $"hello, connection {it.Connection}: {Held(it.Hello!)}",
        Closed it => $"connection {it.Connection} {(it.Code is { } code ? $"was closed with {code}" : "broke")}",
        Heard it => $"{Frame(it.Frame)}, connection {it.Connection}",
        Fetched it => $"GET {(it.After is { } after ? $"after {after}: " : "")}{Frame(it.Answer)}, asked {(it.At - it.AskedAt) / 1000.0:0.0} ms before",
        _ => entry.ToString(),
    };

    static string Wish(Asked it)
    {
        var message = $"{it.RoomId}/{it.Seq}";
        return it.Step.Act switch
        {
            Act.Post or Act.PostOnce => $"post {Quoted(it.Body)} in room {it.RoomId}, cid {it.Cid}",
            Act.Repeat => $"post again {Quoted(it.Body)} in room {it.RoomId}, cid {it.Cid}",
            Act.Contradict => $"post other words {Quoted(it.Body)} in room {it.RoomId}, cid {it.Cid}",
            Act.Edit => $"edit {message} to {Quoted(it.Body)}",
            Act.Delete => $"delete {message}",
            Act.React => $"put {it.Step.Text} under {message}",
            Act.Unreact => $"take {it.Step.Text} from {message}",
            Act.Pin => $"pin {message}",
            Act.Unpin => $"unpin {message}",
            Act.Read => $"mark {message} as read",
            Act.Join => $"join room {it.RoomId}",
            Act.Leave => $"leave room {it.RoomId}",
            Act.Invite => $"invite person {it.UserId} to room {it.RoomId}",
            Act.Remove => $"remove person {it.UserId} from room {it.RoomId}",
            Act.Topic => $"set the topic of room {it.RoomId} to {Quoted(it.Body)}",
            Act.Page => $"read a page of room {it.RoomId}",
            var act => $"{act} in room {it.RoomId}",
        };
    }

    string Answer(Answered it) => it.Outcome switch
    {
        Outcome.Unknown => "was never answered",
        Outcome.Refused => $"refused as {it.Code}",
        Outcome.Broken => $"what should never come: {it.Code}",
        _ when it.Ack is { } ack => $"ack {ack.RoomId}/{ack.Seq}, id {ack.Id}{(ack.Duplicate ? ", a repeat" : "")}",
        _ when it.Message is { } message => $"done: {Message(message)}",
        _ => asked.TryGetValue(it.Op, out var wish) ? $"done: {wish.Step.Act}" : "done",
    };

    string Held(Hello hello)
    {
        if (hello.Epoch is null) return "holds nothing";
        var rooms = (hello.Rooms ?? new Dictionary<long, long>()).Where(room => only is null || room.Key == only).ToList();
        return rooms.Count == 0
            ? only is null ? "holds no room" : $"does not hold room {only}"
            : "holds " + string.Join(", ", rooms.Select(static room => $"room {room.Key} up to {room.Value}"));
    }

    string Frame(object frame) => frame switch
    {
        MessageChange it => Message(it.Message),
        MemberChange it => $"person {it.Member.UserId} {(it.Member.Joined ? "is in" : "has gone from")} room {it.RoomId} at {it.Rev}",
        RoomChange it => $"room {it.RoomId} at {it.Rev}, topic {Quoted(it.Room.Topic)}",
        PlaceChange it => $"person's {it.Rev}: {Place(it.Place)}",
        Place it => Place(it),
        Message it => Message(it),
        RoomChanges it => $"changes of room {it.RoomId} up to {it.Complete} of {it.Head}: {Changes(it.Changes)}; {it.Read.Unread} unread above {it.Read.Mark}",
        StreamChanges it => $"changes up to {it.Complete} of {it.Head}: {Changes(it.Changes)}",
        MessagePage it => $"page of room {it.RoomId} at {it.Complete}: "
            + (it.Messages.Count == 0 ? "empty" : $"{it.Messages[0].Seq} to {it.Messages[^1].Seq}") + $"; {it.Read.Unread} unread above {it.Read.Mark}",
        Welcome it => "welcome: " + string.Join("; ", it.Rooms.Where(place => only is null || place.RoomId == only).Select(Place).DefaultIfEmpty("not in the room")),
        Behind it => $"behind in room {it.RoomId}, which is at {it.Head}",
        SomebodyTyping it => $"person {it.UserId} types in room {it.RoomId}",
        Ping it => "ping" + string.Concat((it.Heads.Rooms ?? new Dictionary<long, long>()).Where(room => only is null || room.Key == only)
            .Select(static room => $", room {room.Key} is at {room.Value}")),
        Bye it => $"bye {it.Code} {it.Reason}",
        OriginalFrame it => $"{it.Type} of {it.UserId}: {Quoted(it.Content)}",
        _ => frame.GetType().Name,
    };

    string Changes(IReadOnlyList<Change> changes) => changes.Count == 0
        ? "none"
        : string.Join(", ", changes.Take(MostChanges).Select(Frame)) + (changes.Count > MostChanges ? $" and {changes.Count - MostChanges} more" : "");

    static string Place(Place it) => it.Joined
        ? $"room {it.RoomId} at {it.Head}, last message {it.LastSeq}, {it.Unread} unread ({it.Mentions} mentions) above {it.Mark}"
        : $"not in room {it.RoomId}";

    static string Message(Message it)
    {
        var what = it.System is { } line ? $"{line.Event} {line.UserId}{(line.Text is null ? "" : " " + Quoted(line.Text))}"
            : it.DeletedAt is not null ? "deleted"
            : Quoted(it.Body) + (it.EditedAt is null ? "" : " edited") + (it.PinnedAt is null ? "" : " pinned")
                + string.Concat((it.Reactions ?? []).Select(static put => $" {put.Emoji}{put.UserIds.Count}"));
        return $"{it.RoomId}/{it.Seq} at {it.Rev}: {what}";
    }

    static string Quoted(string? text) => text is null ? "nothing" : text.Length > Longest ? $"'{text[..Longest]}…'" : $"'{text}'";
}
