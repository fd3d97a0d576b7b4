using System.Diagnostics;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Throws mutated requests at every route of docs/openapi.json, as all kinds of people.</summary>
internal sealed class BodyFuzz(FuzzedNode node, ulong seed)
{
    const int Together = 4;
    const int Batch = 1000;
    const int MostFindings = 10;
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    readonly List<Finding> _findings = [];
    readonly Dictionary<int, long> _answers = [];
    long _requests;
    long _connections;

    /// <summary>How often each status was answered.</summary>
    public IReadOnlyDictionary<int, long> Answers => _answers;

    /// <summary>Goes on until so many requests were sent, or too much was found.</summary>
    public async Task<Fuzzed> RunAsync(long requests, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var (_, owner) = await node.SignUpAsync("owner", ct);
        var personas = Persona.All(node, owner);
        await TidyAsync(personas, ct);
        var rooms = await FurnishAsync(owner, ct);
        var before = node.Memory.Now;

        while (_requests < requests && _findings.Count < MostFindings)
        {
            var first = _requests;
            var count = (int)Math.Min(Batch, requests - first);
            IReadOnlyList<long> people = [.. personas.Select(static it => it.Id).Distinct(), 999];
            await Task.WhenAll(Enumerable.Range(0, Together).Select(lane => AskAsync(personas, rooms, people, first, lane, count, ct)));
            _requests += count;
            if (node.Node.HasExited) Find($"the program ended with {node.Node.ExitCode}: {node.Node.Complained}", first, []);
            else if (node.Node.Complained is { Length: > 0 } complained) Find($"its log says {complained}", first, []);
            if (_findings.Any(static it => it.Input.Count == 0)) break;
            await TidyAsync(personas, ct);
        }
        var (after, peak) = node.Node.HasExited ? (0, 0) : node.Memory;
        if (peak > before + Fuzzed.MostMore) Find($"it held {peak} MiB, {before} when it began", _requests, []);
        return new Fuzzed(seed, _requests, _connections, 0, before, after, peak, Stopwatch.GetElapsedTime(began), _findings);
    }

    async Task AskAsync(IReadOnlyList<Persona> personas, IReadOnlyList<long> rooms, IReadOnlyList<long> people, long first, int lane, int count, CancellationToken ct)
    {
        RawConnection? connection = null;
        for (var i = lane; i < count && _findings.Count < MostFindings && !node.Node.HasExited; i += Together)
        {
            var dice = new Dice(seed, first + i);
            var who = dice.Chance(0.1) ? dice.One(personas) : dice.One(personas.Where(static it => it.Id > 0).ToList());
            var request = new RequestNoise(dice, rooms, people, who.Password).Next();
            var wire = request.ToBytes(node.Address, who.Header);
            (connection, var wrong) = await TryAsync(connection, request, wire, ct);
            if (wrong is null) continue;
            var least = await LessenAsync(request, who, ct);
            Find($"{wrong}\n  {request.Method} {request.Target} as {who.Name}", first + i, [least.ToBytes(node.Address, null)]);
        }
        if (connection is not null) await connection.DisposeAsync();
    }

    /// <summary>Asks; on the connection before where that still stands.</summary>
    async Task<(RawConnection? Connection, string? Wrong)> TryAsync(RawConnection? connection, Request request, byte[] wire, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        var old = connection is not null;
        try
        {
            if (connection is null)
            {
                Interlocked.Increment(ref _connections);
                connection = await RawConnection.OpenAsync(node.Address, patience.Token);
            }
            await connection.SendAsync(wire, patience.Token);
            var answer = await HttpAnswer.ReadAsync(connection, patience.Token, request.Method == "HEAD");
            if (answer is not null)
            {
                lock (_answers) _answers[answer.Status] = _answers.GetValueOrDefault(answer.Status) + 1;
                var wrong = request.WhyNot(answer);
                if (answer["Connection"] != "close") return (connection, wrong);
                await connection.DisposeAsync();
                return (null, wrong);
            }
            await connection.DisposeAsync();
            // A connection that was let go between two requests is no finding, and one with too much in it may be cut.
            if (old) return await TryAsync(null, request, wire, ct);
            return (null, request.Body?.Length > 64 * 1024 ? null : "no answer");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, $"no answer within {s_patience.TotalSeconds} s");
        }
        catch (Exception unsound) when (unsound is ProofException or FormatException)
        {
            return (null, $"no HTTP: {unsound.Message}");
        }
    }

    /// <summary>The same with fewer headers and less of a body.</summary>
    async Task<Request> LessenAsync(Request request, Persona who, CancellationToken ct)
    {
        async Task<bool> Fails(Request less)
        {
            var (connection, wrong) = await TryAsync(null, less, less.ToBytes(node.Address, who.Header), ct);
            if (connection is not null) await connection.DisposeAsync();
            return wrong is not null;
        }

        if (!await Fails(request)) return request; // it was so only then
        if (request.Headers.Count > 1) request = request with { Headers = await Minimising.RunAsync(request.Headers, left => Fails(request with { Headers = left }), 50) };
        if (request.Body is { Length: > 1 } body) request = request with { Body = [.. await Minimising.RunAsync(body, left => Fails(request with { Body = [.. left] }), 300)] };
        return request;
    }

    /// <summary>Puts right what the noise has turned off: settings, and who is still in.</summary>
    async Task TidyAsync(IReadOnlyList<Persona> personas, CancellationToken ct)
    {
        var me = personas.Single(static it => it.Name == "owner");
        await me.StayAsync(node, ct);
        var token = me.Header!.Value.Item2["Bearer ".Length..];
        await node.SendAsync<ServerSettings>(HttpMethod.Patch, "/api/v1/settings", token, new SettingsBody(
            "Noise", true, Registration.Open, MessageLength: 4000, MessagesPerMinute: 0, RetentionDays: 0), ct);
        foreach (var persona in personas) await persona.StayAsync(node, ct);
    }

    // Something to ask about: rooms with people and messages in them.
    async Task<IReadOnlyList<long>> FurnishAsync(string owner, CancellationToken ct)
    {
        List<long> rooms = [1];
        foreach (var kind in (RoomKind[])[RoomKind.Open, RoomKind.Closed])
            rooms.Add((await node.SendAsync<Place>(HttpMethod.Post, "/api/v1/rooms", owner, new NewRoomBody(kind, $"noise {kind}"), ct)).RoomId);
        foreach (var room in rooms)
            for (var i = 0; i < 10; i++)
                await node.SendAsync<Ack>(HttpMethod.Post, $"/api/v1/rooms/{room}/messages", owner, new DraftBody($"{room}-{i}", $"sound {i}"), ct);
        return [.. rooms, 4, 5, 999];
    }

    void Find(string said, long number, IReadOnlyList<byte[]> input)
    {
        lock (_findings) _findings.Add(new Finding(said, seed, number, input));
    }
}
