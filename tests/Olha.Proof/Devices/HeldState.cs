using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Everything that a socket device holds, as docs/protocol.md makes it out of what it hears.</summary>
internal sealed class HeldState(long me, int device, Stage stage, Api api, Seeded chosen, CancellationToken life)
{
    const int PageSize = 50;
    const int MostToldOf = 500;
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    readonly Dictionary<long, ShownRoom> _rooms = [];
    string? _epoch;
    HeldStream? _person, _server;

    /// <summary>Everything in here is done under it.</summary>
    public Lock Gate { get; } = new();

    public ShownRoom? Find(long roomId) => _rooms.GetValueOrDefault(roomId);

    /// <summary>What to say to the server that is held.</summary>
    public Hello ToHello()
    {
        if (_epoch is null) return new Hello(null, null, null, null);
        // Now and then it keeps some rooms to itself, and has to fetch what it missed of them while live changes come.
        var open = chosen.Chance(250);
        var told = _rooms.Where(_ => !open || chosen.Chance(500)).Take(MostToldOf);
        return new Hello(_epoch, _person!.Held, _server!.Held, told.ToDictionary(static it => it.Key, static it => it.Value.Stream.Held));
    }

    /// <summary>Lets everything go.</summary>
    public void Forget()
    {
        _rooms.Clear();
        (_epoch, _person, _server) = (null, null, null);
    }

    public Holding ToHolding() => new(_epoch ?? "", _rooms.ToDictionary(static it => it.Key, static it => it.Value.ToHeld()));

    /// <summary>What is missing to a state that the server has just told; null: nothing.</summary>
    public string? Lacks(Welcome now)
    {
        if (_epoch is null) return "it was never welcomed";
        if (_person!.Held != now.PersonHead) return $"its person's stream is at {_person.Held} of {now.PersonHead}";
        if (_server!.Held != now.ServerHead) return $"the server's stream is at {_server.Held} of {now.ServerHead}";
        foreach (var place in now.Rooms)
            if (!_rooms.TryGetValue(place.RoomId, out var room)) return $"room {place.RoomId} is not shown";
            else if (room.Stream.Held != place.Head) return $"room {place.RoomId} is at {room.Stream.Held} of {place.Head}";
            else if (room.Stream.Fetching) return $"room {place.RoomId} is being fetched";
            else if (!room.CountKnown) return $"the count of room {place.RoomId} is not known";
        return _rooms.Keys.Except(now.Rooms.Select(static it => it.RoomId)).FirstOrDefault() is var gone and > 0 ? $"room {gone} is still shown" : null;
    }

    public void Take(object frame, Hello hello)
    {
        switch (frame)
        {
            case Welcome it: TakeWelcome(it, hello); break;
            case RoomChanges it when Find(it.RoomId) is { } room:
                room.Splice(it);
                Tend(room);
                break;
            case Behind it when Find(it.RoomId) is { } room: TakeBehind(room, it.Head); break;
            case Ping it: TakeHeads(it.Heads); break;
            case Change it: TakeChange(it); break;
        }
    }

    void TakeWelcome(Welcome welcome, Hello hello)
    {
        // What it said in hello counts: a fetch may have brought something newer meanwhile.
        var wentBack = _epoch is not null && hello.Epoch is not null
            && (welcome.Epoch != _epoch || welcome.PersonHead < hello.Person || welcome.ServerHead < hello.Server
                || welcome.Rooms.Any(place => hello.Rooms!.TryGetValue(place.RoomId, out var held) && place.Head < held));
        if (wentBack)
        {
            if (!stage.History.WasRestored || welcome.Epoch == _epoch) Wrong($"The server's data went back in time: epoch {_epoch} is {welcome.Epoch}");
            Forget();
        }
        _epoch = welcome.Epoch;
        _person ??= new HeldStream(welcome.PersonHead, ApplyPerson, after => _ = FetchAsync(() => _person, "me", after));
        _server ??= new HeldStream(welcome.ServerHead, static (_, _) => { }, after => _ = FetchAsync(() => _server, "people", after));
        _person.Rebase(welcome.PersonHead);
        _server.Rebase(welcome.ServerHead);
        var present = welcome.Rooms.Select(static place => place.RoomId).ToHashSet();
        foreach (var gone in _rooms.Keys.Where(id => !present.Contains(id)).ToArray()) _rooms.Remove(gone);
        foreach (var place in welcome.Rooms)
        {
            if (Find(place.RoomId) is { } room)
            {
                room.Take(place, unheard: true);
                // Of what it did not say that it holds nothing is replayed.
                if (hello.Rooms?.ContainsKey(place.RoomId) != true) room.Stream.Reach(place.Head);
                Tend(room);
            }
            else Show(place);
        }
    }

    void Show(Place place)
    {
        var room = _rooms[place.RoomId] = new ShownRoom(place, me, (it, after) => _ = FetchAsync(it, after));
        // Some look at once, some only listen.
        if (chosen.Chance(600)) Open(room);
    }

    void TakeBehind(ShownRoom room, long head)
    {
        if (!room.Stream.Fetching && chosen.Chance(500)) Open(room);
        else room.Stream.Reach(head);
    }

    void TakeHeads(Heads heads)
    {
        if (heads.Person is { } person) _person!.Reach(person);
        if (heads.Server is { } server) _server!.Reach(server);
        foreach (var (roomId, head) in heads.Rooms ?? new Dictionary<long, long>()) Find(roomId)?.Stream.Reach(head);
    }

    void TakeChange(Change change)
    {
        if (FrameJson.RoomOf(change) is { } roomId)
        {
            if (Find(roomId) is not { } room) return;
            // A page that is being fetched may be complete beyond it, and holds messages only (seed 110 on two nodes).
            if (change is RoomChange row) room.Take(row);
            room.Stream.Receive(change);
            Tend(room);
        }
        else if (change is PersonChange or SettingsChange) _server?.Receive(change);
        else _person?.Receive(change);
    }

    void ApplyPerson(Change change, bool live)
    {
        if (change is not PlaceChange { Place: var place }) return;
        if (!place.Joined)
        {
            _rooms.Remove(place.RoomId);
            return;
        }
        if (Find(place.RoomId) is not { } room)
        {
            Show(place);
            return;
        }
        room.Take(place);
        // The person may have left and come back in between: what was said then was not told.
        if (!live) room.Stream.Reach(place.Head);
        Tend(room);
    }

    void Tend(ShownRoom room)
    {
        if (room.CountKnown || room.Asking) return;
        room.Asking = true;
        _ = CountAsync(room);
    }

    void Open(ShownRoom room)
    {
        room.Stream.Hold();
        _ = OpenAsync(room);
    }

    bool IsShown(ShownRoom room) => Find(room.Id) == room;

    Task FetchAsync(ShownRoom room, long after) => UntilAsync(
        () => IsShown(room), $"rooms/{room.Id}/changes?after={after}", ProtocolJson.Wire.RoomChanges, room.Id, changes =>
        {
            room.Splice(changes);
            room.Stream.Fetched(changes.Head);
            Tend(room);
            return true;
        }, after);

    Task OpenAsync(ShownRoom room) => UntilAsync(
        () => IsShown(room), $"rooms/{room.Id}/messages?limit={PageSize}", ProtocolJson.Wire.MessagePage, room.Id, page =>
        {
            if (!room.Open(page)) return false;
            room.Stream.Fetched(page.Complete);
            Tend(room);
            return true;
        });

    Task CountAsync(ShownRoom room) => UntilAsync(
        () => IsShown(room), $"rooms/{room.Id}", ProtocolJson.Wire.Place, room.Id, place =>
        {
            room.Take(place);
            room.Asking = !room.CountKnown;
            return room.CountKnown;
        });

    Task FetchAsync(Func<HeldStream?> stream, string of, long after)
    {
        HeldStream? mine = null;
        return UntilAsync(() => stream() is { } it && it == (mine ??= it), $"{of}/changes?after={after}", ProtocolJson.Wire.StreamChanges, 0, changes =>
        {
            mine!.Splice(new Stretch(changes.Complete, changes.Head, changes.Changes));
            mine.Fetched(changes.Head);
            return true;
        });
    }

    // Asks until it is answered and the answer will do, or nobody wants it any more.
    async Task UntilAsync<T>(
        Func<bool> wanted, string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> form, long roomId, Func<T, bool> take,
        long? after = null) where T : class
    {
        // Whoever asks holds the gate.
        await Task.Yield();
        try
        {
            while (!life.IsCancellationRequested)
            {
                lock (Gate)
                    if (!wanted()) return;
                var began = stage.History.Now;
                var reply = await api.GetAsync(path, form, life);
                if (reply.Broken is { } broken) Wrong($"GET {path}: {broken}");
                if (reply.Value is { } answer)
                {
                    stage.History.Add(new Fetched(stage.History.Now, device, began, roomId, answer, after));
                    lock (Gate)
                        if (!wanted() || take(answer)) return;
                }
                await Task.Delay(s_pause, life);
            }
        }
        catch (OperationCanceledException) { } // The run is over.
        catch (ObjectDisposedException) { }
    }

    void Wrong(string what) => stage.History.Add(new Answered(stage.History.Now, device, 0, Outcome.Broken, what));
}
