using System.Diagnostics;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Throws mutated frames at both doors for sockets, some conversations at a time, while somebody well-behaved looks on.</summary>
internal sealed class FrameFuzz(FuzzedNode node, ulong seed, IReadOnlyList<byte[]> known)
{
    const int Together = 4;
    const int Batch = 64;
    const int MostFindings = 5;

    readonly AckedPosts _acks = new();
    readonly List<Finding> _findings = [];
    long _cases;
    long _frames;

    /// <summary>Goes on until so many frames were sent, or too much was found.</summary>
    public async Task<Fuzzed> RunAsync(long frames, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var (_, token) = await node.SignUpAsync("witness", ct);
        var speakers = new List<Speaker>();
        for (var i = 0; i < Together; i++) speakers.Add(await Speaker.ComeAsync(node, i, ct));
        var witness = await Witness.OpenAsync(node.Address, token, ct);
        await AskAsync(witness, ct);
        var before = node.Memory.Now;

        foreach (var said in Babble.Replay(known))
        {
            _frames += said.Frames;
            if (await Trial(speakers[0]).RunAsync(said, ct) is { } wrong) await LessenAsync(speakers[0], said, wrong, ++_cases, ct);
        }
        while (Interlocked.Read(ref _frames) < frames && _findings.Count < MostFindings)
        {
            var until = _cases + Batch;
            await Task.WhenAll(speakers.Select(speaker => SpeakAsync(speaker, until, frames, ct)));
            if (!await AskAsync(witness, ct)) break;
        }
        await witness.DisposeAsync();
        var (after, peak) = node.Node.HasExited ? (0, 0) : node.Memory;
        if (peak > before + Fuzzed.MostMore) Find($"it held {peak} MiB, {before} when it began", _cases, []);
        await using var database = await node.OpenDatabaseAsync(ct);
        if (await _acks.MissingAsync(database, ct) is > 0 and var missing) Find($"{missing} posts were acknowledged and are not in the database", _cases, []);
        return new Fuzzed(seed, _frames, _cases, _acks.Count, before, after, peak, Stopwatch.GetElapsedTime(began), _findings);
    }

    async Task SpeakAsync(Speaker speaker, long until, long frames, CancellationToken ct)
    {
        while (_findings.Count < MostFindings && Interlocked.Read(ref _frames) < frames && !node.Node.HasExited)
        {
            var number = Interlocked.Increment(ref _cases);
            if (number > until)
            {
                Interlocked.Decrement(ref _cases);
                return;
            }
            var said = Babble.Make(new Dice(seed, number), speaker.Rooms, $"{seed:x}-{number}", known);
            Interlocked.Add(ref _frames, said.Frames);
            if (await Trial(speaker).RunAsync(said, ct) is { } wrong) await LessenAsync(speaker, said, wrong, number, ct);
        }
    }

    /// <summary>The same without what it does not need.</summary>
    async Task LessenAsync(Speaker speaker, Babble said, string wrong, long number, CancellationToken ct)
    {
        // A dead program says nothing about parts: what it died of is all that was under way.
        if (node.Node.HasExited)
        {
            Find($"it ended with {node.Node.ExitCode}: {wrong}", number, [.. said.Body.Append(said.Last).Select(static it => it.Wire)]);
            return;
        }
        var body = await Minimising.RunAsync(said.Body, async left => await Trial(speaker).RunAsync(said with { Body = left, Cuts = [] }, ct) is not null, 200);
        Utterance[] all = said.Hello is { } hello ? [hello, .. body, said.Last] : [.. body, said.Last];
        Find(wrong, number, [.. all.Select(static it => it.Text.Length > 0 ? it.Text : it.Wire)]);
    }

    /// <summary>Whether all is well with the program and with the witness.</summary>
    async Task<bool> AskAsync(Witness witness, CancellationToken ct)
    {
        if (node.Node.HasExited) Find($"the program ended with {node.Node.ExitCode}: {node.Node.Complained}", _cases, []);
        else if (await witness.SayAsync(ct) is { } wrong) Find(wrong, _cases, []);
        else if (node.Node.Complained is { Length: > 0 } complained) Find($"its log says {complained}", _cases, []);
        else return true;
        return false;
    }

    FrameTrial Trial(Speaker speaker) => new(node.Address, speaker.Me, speaker.Token, _acks);

    void Find(string said, long number, IReadOnlyList<byte[]> input)
    {
        lock (_findings) _findings.Add(new Finding(said, seed, number, input));
    }

    /// <summary>Who makes the noise, and the rooms that they talk about: their own, General, one that they are not in, none.</summary>
    sealed record Speaker(Person Me, string Token, IReadOnlyList<long> Rooms)
    {
        public static async Task<Speaker> ComeAsync(FuzzedNode node, int number, CancellationToken ct)
        {
            var (me, token) = await node.SignUpAsync($"fuzz{number}", ct);
            var own = await node.SendAsync<Place>(HttpMethod.Post, "/api/v1/rooms", token, new NewRoomBody(RoomKind.Closed, $"noise {number}"), ct);
            var (_, other) = await node.SignUpAsync($"other{number}", ct);
            var closed = await node.SendAsync<Place>(HttpMethod.Post, "/api/v1/rooms", other, new NewRoomBody(RoomKind.Closed, $"quiet {number}"), ct);
            return new Speaker(me, token, [own.RoomId, 1, closed.RoomId, 0, -1, long.MaxValue]);
        }
    }
}
