using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Messages;
using Olha.Server.Presence;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Gateway;

/// <summary>Welcomes a client: the whole starting state, what it missed, then everything live, without a seam.</summary>
/// <remarks>
/// State and subscription are atomic: the connection listens first and its frames are held, then the state is read in one
/// snapshot, and of the held frames only those that the snapshot does not contain follow. Who joins or leaves a room in
/// between is told apart by the same order: a join or leave that was committed after a snapshot reaches this connection
/// through the person's topic, to which it listens from the start.
/// </remarks>
internal sealed class Welcoming(
    Database db, StartingState states, PlaceStore places, RoomReading reading, PresenceBoard presence, Hub hub, Delivery delivery,
    SocketCounts counts) : IDisposable
{
    /// <summary>Rooms whose messages a client may say that it holds.</summary>
    public const int MaxHeldRooms = 500;

    /// <summary>What is replayed over all rooms; rooms with more are told <c>behind</c>.</summary>
    const int MaxReplayed = 500;
    const int MaxReplayedBytes = 256 * 1024;

    /// <summary>How many are welcomed at a time. When ten thousand come at once, what each needs for it is in memory only while it is
    /// its turn: all at a time, the collector would copy the starting states of thousands again and again.</summary>
    const int MaxAtOnce = 16;

    readonly SemaphoreSlim _turns = new(MaxAtOnce);

    /// <summary>Waits for its turn, and welcomes.</summary>
    public async ValueTask WelcomeAsync(Connection connection, Caller caller, Hello hello, CancellationToken ct)
    {
        await _turns.WaitAsync(ct);
        try
        {
            await TakeInAsync(connection, caller, hello, ct);
        }
        finally
        {
            _turns.Release();
        }
    }

    async ValueTask TakeInAsync(Connection connection, Caller caller, Hello hello, CancellationToken ct)
    {
        hub.Join(Topics.Person(caller.UserId), connection);
        hub.Join(Topics.Server, connection);
        var joined = await db.ReadAsync(async session => await places.JoinedAsync(session, caller.UserId), ct);
        foreach (var roomId in joined) hub.Join(Topics.Room(roomId), connection);

        var (welcome, since) = await ReadAsync(caller, hello, ct);
        while (welcome.Rooms.Any(place => !hub.Listens(Topics.Room(place.RoomId), connection)))
        {
            // Joined while we read, and not announced here yet: what is read must have been listened to before.
            joined = [.. joined.Union(welcome.Rooms.Select(place => place.RoomId))];
            foreach (var roomId in joined) hub.Join(Topics.Room(roomId), connection);
            (welcome, since) = await ReadAsync(caller, hello, ct);
        }

        // Left while we read: whoever announced it found nothing to take away yet.
        var present = welcome.Rooms.Select(place => place.RoomId).ToHashSet();
        foreach (var roomId in joined)
            if (!present.Contains(roomId)) hub.Leave(Topics.Room(roomId), connection);

        var complete = Known(caller, welcome);
        foreach (var (topic, head) in complete) delivery.Know(topic, head);

        var (everybody, oneself) = presence.ToldTo(caller.UserId);
        connection.EnqueueDirect(FrameEncoder.Encode(welcome), everybody, oneself);
        var behind = since && await ReplayAsync(connection, caller, hello, welcome, complete, ct);
        counts.Began(hello.Epoch is null ? Beginning.Fresh : !since ? Beginning.Restarted : behind ? Beginning.Behind : Beginning.Resumed);

        // What was read may not have been announced yet: it would come after the release, and a second time.
        await delivery.PassedAsync(complete, ct);
        hub.Release(connection, frame => frame.Rev == 0 || frame.Rev > complete.GetValueOrDefault(frame.Topic));
    }

    // What sent them out of a room before they were found in it may still be on its way here.
    async ValueTask<(Welcome Welcome, bool Since)> ReadAsync(Caller caller, Hello hello, CancellationToken ct)
    {
        var read = await states.ReadAsync(caller, hello, ct);
        foreach (var place in read.Welcome.Rooms) delivery.Admit(Topics.Person(caller.UserId), Topics.Room(place.RoomId), place.Head);
        return read;
    }

    public void Dispose() => _turns.Dispose();

    static Dictionary<TopicId, long> Known(Caller caller, Welcome welcome)
    {
        var heads = new Dictionary<TopicId, long>
        {
            [Topics.Person(caller.UserId)] = welcome.PersonHead,
            [Topics.Server] = welcome.ServerHead,
        };
        foreach (var place in welcome.Rooms) heads[Topics.Room(place.RoomId)] = place.Head;
        return heads;
    }

    // The rooms that moved last come first: they are the ones that are looked at. True: a room has more than is replayed.
    async ValueTask<bool> ReplayAsync(
        Connection connection, Caller caller, Hello hello, Welcome welcome, Dictionary<TopicId, long> complete, CancellationToken ct)
    {
        var (changesLeft, bytesLeft, behind) = (MaxReplayed, MaxReplayedBytes, false);
        foreach (var place in welcome.Rooms.OrderBy(it => it.Head - Held(hello, it)))
        {
            if (hello.Rooms?.ContainsKey(place.RoomId) != true || Held(hello, place) >= place.Head) continue;

            var changes = changesLeft > 0 && place.Head - Held(hello, place) <= changesLeft
                ? await reading.ChangesAsync(caller, place.RoomId, Held(hello, place), RoomHistory.MaxChanges, ct)
                : Refusal.TooBig;
            if (!changes.TryGet(out var missed, out _)) missed = null;
            var frame = missed is null || missed.Complete < missed.Head || missed.Changes.Count > changesLeft || IsLonger(missed, bytesLeft)
                ? null : FrameEncoder.Encode(missed);
            if (frame is null || frame.Wire.Length > bytesLeft)
            {
                connection.EnqueueDirect(FrameEncoder.Encode(new Behind(place.RoomId, place.Head)));
                behind = true;
                continue;
            }
            connection.EnqueueDirect(frame);
            changesLeft -= missed!.Changes.Count;
            bytesLeft -= frame.Wire.Length;
            complete[Topics.Room(place.RoomId)] = missed.Complete;
        }
        return behind;
    }

    // What is said alone: a frame of megabytes, made to be thrown away, makes the collector come for everybody.
    static bool IsLonger(RoomChanges range, int bytes)
    {
        foreach (var change in range.Changes) bytes -= (change as MessageChange)?.Message.Body?.Length ?? 0;
        return bytes < 0;
    }

    static long Held(Hello hello, Place place) => hello.Rooms?.GetValueOrDefault(place.RoomId) ?? 0;
}
