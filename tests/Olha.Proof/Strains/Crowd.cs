using System.Data.Common;

namespace Olha.Proof;

/// <summary>Light devices of a community, and whether they all heard the same as the database holds.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    readonly Community _community;
    readonly Talk _talk;
    readonly CancellationTokenSource _end = new();
    readonly Task[] _lives;

    /// <param name="community">Whose people.</param>
    /// <param name="talk">What they say.</param>
    /// <param name="clients">One a person at most.</param>
    public Crowd(Community community, Talk talk, IReadOnlyList<LightClient> clients)
    {
        (_community, _talk, Clients) = (community, talk, clients);
        _lives = [.. clients.Select(client => Task.Run(() => client.LiveAsync(_end.Token)))];
    }

    public IReadOnlyList<LightClient> Clients { get; }

    /// <summary>Waits until all are connected and hold what there was when they came.</summary>
    /// <returns>False: some are not, which is a finding.</returns>
    public async Task<bool> GatherAsync(TimeSpan within, CancellationToken ct)
    {
        try
        {
            await Task.WhenAll(Clients.Select(static client => client.Complete)).WaitAsync(within, ct);
            return true;
        }
        catch (TimeoutException)
        {
            var missing = Clients.Where(static client => !client.Complete.IsCompleted).ToArray();
            if (missing.Length > 0) _talk.Find($"{missing.Length} of {Clients.Count} devices were not back and complete after {within.TotalSeconds} s, the first of them {missing[0]}.");
            return missing.Length == 0;
        }
    }

    /// <summary>When nobody says anything any more: waits until every post is acknowledged and everybody holds what the database holds, and
    /// finds what is lost, doubled or out of order.</summary>
    public async Task JudgeAsync(string folder, string? databaseUrl, TimeSpan within, CancellationToken ct)
    {
        var end = DateTime.UtcNow + within;
        while (Clients.Any(static client => client.HasPending) && DateTime.UtcNow < end) await Task.Delay(50, ct);
        foreach (var client in Clients.Where(static client => client.HasPending).Take(5)) _talk.Find($"Posts of device {client.Number} were never acknowledged.");

        var truth = await TruthAsync(folder, databaseUrl, ct);
        while (DateTime.UtcNow < end && Clients.Any(client => client.Rooms.Any(room => room.Value.Rev < truth[room.Key].Rev))) await Task.Delay(50, ct);
        foreach (var client in Clients)
            foreach (var (roomId, held) in client.Rooms)
                if (truth[roomId] is var room && (held.Rev, held.Messages, held.Digest) != (room.Rev, room.Messages, room.Digest))
                    _talk.Find($"Device {client.Number} holds {held.Messages} messages of room {roomId} up to {held.Rev}; in the database are {room.Messages} up to {room.Rev}"
                        + (held.Messages == room.Messages ? ", but others or in another order." : "."));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_lives);
        _end.Dispose();
    }

    async Task<Dictionary<long, LightRoom>> TruthAsync(string folder, string? databaseUrl, CancellationToken ct)
    {
        var truth = new Dictionary<long, LightRoom>();
        var stored = new HashSet<int>();
        await using var database = await Databases.OpenAsync(folder, databaseUrl, ct);
        await using (var command = Command(database, "SELECT room_id, rev, id, seq, COALESCE(cid, '') FROM messages ORDER BY room_id, rev"))
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                var message = new LightFrame(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), Talk.PostOf(System.Text.Encoding.ASCII.GetBytes(row.GetString(4))));
                if (!truth.TryGetValue(message.RoomId, out var room)) truth[message.RoomId] = room = new LightRoom(0);
                room.Take(message);
                if (message.Post >= 0 && !stored.Add(message.Post)) _talk.Find($"Post {message.Post} is stored twice.");
            }
        }
        if (stored.Count != _talk.Posts) _talk.Find($"{_talk.Posts} posts were made and {stored.Count} are stored.");
        await using (var command = Command(database, "SELECT id, last_rev FROM rooms"))
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                if (!truth.TryGetValue(row.GetInt64(0), out var room)) truth[row.GetInt64(0)] = room = new LightRoom(0);
                room.Complete(row.GetInt64(1));
            }
        }
        return truth;
    }

    static DbCommand Command(DbConnection database, string sql)
    {
        var command = database.CreateCommand();
#pragma warning disable CA2100 // The two constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
