using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Server.Tests.Interleaving;

/// <summary>A client that holds rooms as the protocol says, over any number of sockets one after another: it knows up to which
/// revision it holds everything, comes back with that, and fails when a change comes twice, out of order, or not at all but for one that
/// another had taken the place of.</summary>
internal sealed class Follower(Guest guest)
{
    readonly ConcurrentDictionary<long, long> _complete = new();
    readonly Dictionary<long, List<(long Rev, Change Change)>> _early = [];
    readonly Dictionary<long, long> _read = []; // of what is held, what did not come live: it may still be told, and is dropped
    readonly Dictionary<long, long> _last = []; // heard on this socket
    readonly ConcurrentDictionary<string, TaskCompletionSource<ServerFrame?>> _asked = new();
    long _person; // of the person's own stream
    Ear? _ear;
    Task _following = Task.CompletedTask;

    public Guest Guest => guest;

    /// <summary>Sockets that it has had.</summary>
    public int Sockets { get; private set; }

    /// <summary>Every change of a room that was heard live and was news.</summary>
    public List<(long RoomId, long Rev, Change Change)> Heard { get; } = [];

    /// <summary>Every range that was replayed.</summary>
    public List<RoomChanges> Replayed { get; } = [];

    /// <summary>Up to which revision it holds a room; null: not at all.</summary>
    public long? CompleteIn(long roomId) => _complete.TryGetValue(roomId, out var rev) ? rev : null;

    public async Task ConnectAsync()
    {
        var held = _ear is null ? new Hello(null, null, null, null) : new Hello(
            _ear.Welcome.Epoch, _person, _ear.Welcome.ServerHead, _complete.ToDictionary());
        _ear = await Ear.OpenAsync(guest.Address, guest.Token!, held);
        Sockets++;
        Assert.True(_person <= _ear.Welcome.PersonHead, "The person's head went back.");
        _person = _ear.Welcome.PersonHead;
        var heads = _ear.Welcome.Rooms.ToDictionary(it => it.RoomId, it => it.Head);
        foreach (var gone in _complete.Keys.Except(heads.Keys)) _complete.TryRemove(gone, out _);
        foreach (var (roomId, head) in heads)
        {
            Assert.True(_complete.GetOrAdd(roomId, head) <= head, "The head went back.");
            _read[roomId] = head;
        }
        _following = FollowAsync(_ear);
    }

    /// <summary>Cuts the socket; what had come is taken. Whoever waits for an answer gets none.</summary>
    public async Task DropAsync()
    {
        await _ear!.DisposeAsync();
        await _following;
        _early.Clear();
        _last.Clear();
        foreach (var cid in _asked.Keys)
            if (_asked.TryRemove(cid, out var asked)) asked.SetResult(null);
    }

    /// <summary>Whether the socket has heard nothing that it must not.</summary>
    public void MustBeSound()
    {
        if (_following.IsFaulted) _following.GetAwaiter().GetResult();
    }

    /// <summary>Says something. The answer comes later: <c>ack</c>, <c>refused</c>, or null when the socket was cut first.</summary>
    public async Task<Task<ServerFrame?>> PostAsync(Post post)
    {
        var answer = new TaskCompletionSource<ServerFrame?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(_asked.TryAdd(post.Cid!, answer));
        await _ear!.SendAsync(post);
        return answer.Task;
    }

    public Task SayAsync(ClientFrame frame) => _ear!.SendAsync(frame);

    async Task FollowAsync(Ear ear)
    {
        while (await NextAsync(ear) is { } frame)
        {
            switch (frame)
            {
                case MessageChange it: await TakeLiveAsync(it.RoomId, it); break;
                case MemberChange it: await TakeLiveAsync(it.RoomId, it); break;
                case RoomChange it: await TakeLiveAsync(it.RoomId, it); break;
                case PlaceChange it: await TakePlaceAsync(it); break;
                case RoomChanges it: TakeRange(it); break;
                case Behind it: await FetchAsync(it.RoomId); break;
                case Ack it: Answer(it.Cid, it); break;
                case Refused { Cid: { } cid } it: Answer(cid, it); break;
            }
        }
    }

    static async Task<object?> NextAsync(Ear ear)
    {
        try
        {
            return await ear.NextAsync<object>();
        }
        catch (InvalidOperationException) // the socket was cut
        {
            return null;
        }
    }

    async Task TakeLiveAsync(long roomId, Change change)
    {
        var last = _last.GetValueOrDefault(roomId);
        Assert.True(change.Rev > last, $"{guest.Username} heard {last} before {change}.");
        _last[roomId] = change.Rev;
        if (!_complete.TryGetValue(roomId, out var complete))
        {
            if (!_early.TryGetValue(roomId, out var early)) _early[roomId] = early = [];
            early.Add((change.Rev, change));
        }
        else if (change.Rev <= _read.GetValueOrDefault(roomId)) return;
        else
        {
            if (change.Rev != complete + 1) await NothingBetweenAsync(roomId, complete, change);
            _complete[roomId] = change.Rev;
        }
        Heard.Add((roomId, change.Rev, change));
    }

    // What a busy server announces late it reads for those who listen, and what was changed again meanwhile is not there any more.
    async Task NothingBetweenAsync(long roomId, long complete, Change change)
    {
        var range = await ChangesAsync(roomId, complete);
        Assert.True(
            range is null || !range.Changes.Any(it => it.Rev < change.Rev), $"{guest.Username} holds {complete} of room {roomId} and hears {change}.");
    }

    async Task TakePlaceAsync(PlaceChange change)
    {
        if (change.Rev <= _person) return;
        Assert.True(change.Rev == _person + 1, $"{guest.Username} holds {_person} of their own and hears {change}.");
        _person = change.Rev;
        var place = change.Place;
        if (!place.Joined)
        {
            _complete.TryRemove(place.RoomId, out _);
            _early.Remove(place.RoomId);
            return;
        }
        if (_complete.ContainsKey(place.RoomId)) return;
        var complete = place.Head;
        foreach (var (rev, early) in _early.GetValueOrDefault(place.RoomId, []).Where(it => it.Rev > place.Head))
        {
            if (rev != complete + 1) await NothingBetweenAsync(place.RoomId, complete, early);
            complete = rev;
        }
        _early.Remove(place.RoomId);
        _read[place.RoomId] = place.Head;
        _complete[place.RoomId] = complete;
    }

    void TakeRange(RoomChanges range)
    {
        Replayed.Add(range);
        var rev = _complete[range.RoomId];
        foreach (var change in range.Changes)
        {
            Assert.InRange(change.Rev, rev + 1, range.Complete);
            rev = change.Rev;
        }
        _complete[range.RoomId] = _read[range.RoomId] = range.Complete;
    }

    async Task FetchAsync(long roomId)
    {
        while (_complete.TryGetValue(roomId, out var complete))
        {
            if (await ChangesAsync(roomId, complete) is not { } range)
            {
                // What is still told before the place says so is not missed.
                _complete.TryRemove(roomId, out _);
                return;
            }
            if (range.Complete == complete) return;
            TakeRange(range);
        }
    }

    // Null: no member any more.
    async Task<RoomChanges?> ChangesAsync(long roomId, long after)
    {
        using var response = await guest.SendAsync(HttpMethod.Get, $"/api/v1/rooms/{roomId}/changes?after={after}");
        if (response.StatusCode != HttpStatusCode.OK) return null;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize(text, ProtocolJson.Wire.RoomChanges)!;
    }

    void Answer(string cid, ServerFrame answer)
    {
        if (_asked.TryRemove(cid, out var asked)) asked.SetResult(answer);
    }
}
