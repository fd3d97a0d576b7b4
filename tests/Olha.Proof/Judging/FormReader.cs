using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Takes all forms of all things out of whatever was heard, fetched, answered and found.</summary>
internal sealed class FormReader(Run run)
{
    const long AtTheEnd = long.MaxValue;

    readonly List<Form> _forms = [];

    /// <summary>By time; what is found at the end stands last.</summary>
    public IReadOnlyList<Form> All()
    {
        foreach (var entry in run.Entries)
        {
            switch (entry)
            {
                case Heard heard: Take(heard.At, heard.Device, "live", heard.Frame); break;
                case Fetched fetched: Take(fetched.At, fetched.Device, "fetched", fetched.Answer); break;
                case Answered { Message: { } message } answered: Take(answered.At, answered.Device, "answered", message); break;
            }
        }
        for (var device = 0; device < run.Held.Count; device++)
            foreach (var room in run.Held[device]?.Rooms.Values ?? [])
            {
                foreach (var message in room.Messages.Values) Take(AtTheEnd, device, "held", message);
                Take(AtTheEnd, device, "held", room.Place);
            }
        foreach (var served in run.Served)
        {
            foreach (var message in served.Messages.Values.SelectMany(static room => room.Values))
                Take(AtTheEnd, -1, $"served by node {served.Node}", message);
            foreach (var place in served.Places.Values) Take(AtTheEnd, -1, $"served by node {served.Node}", place);
        }
        foreach (var message in run.Truth.Messages) Take(AtTheEnd, -1, "stored", message.Form);
        foreach (var membership in run.Truth.Memberships) Take(AtTheEnd, -1, "stored", membership.Form);
        foreach (var room in run.Truth.Rooms) Take(AtTheEnd, -1, "stored", room.Form);
        return _forms;
    }

    void Take(long at, int device, string where, object? what)
    {
        switch (what)
        {
            case Message message: _forms.Add(Form.Of(at, device, where, message)); break;
            case Member member: _forms.Add(Form.Of(at, device, where, member)); break;
            case Room room: _forms.Add(Form.Of(at, device, where, room)); break;
            case MessageChange change: Take(at, device, where, change.Message); break;
            case MemberChange change: Take(at, device, where, change.Member); break;
            case RoomChange change: Take(at, device, where, change.Room); break;
            case PlaceChange change: Take(at, device, where, change.Place); break;
            case Place place: Take(at, device, where, place.Room); break;
            case RoomChanges changes: TakeAll(at, device, "replayed", changes.Changes); break;
            case MessagePage page:
                TakeAll(at, device, "in a page", page.Messages);
                TakeAll(at, device, "in a page", page.Parents ?? []);
                break;
            case StreamChanges changes: TakeAll(at, device, "fetched", changes.Changes); break;
            case MemberList list: TakeAll(at, device, where, list.Members); break;
            case Welcome welcome: TakeAll(at, device, "in welcome", welcome.Rooms); break;
        }
    }

    void TakeAll(long at, int device, string where, IEnumerable<object> things)
    {
        foreach (var thing in things) Take(at, device, where, thing);
    }
}
