using System.Diagnostics;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Light devices that talk to the nodes of a cluster, each to one of them, while the ground under the nodes is struck.</summary>
internal sealed class Town : IAsyncDisposable
{
    static readonly TimeSpan s_gathered = TimeSpan.FromSeconds(120);
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly ProofContext _context;
    readonly ClusterGround _ground;
    readonly CancellationTokenSource _quiet = new();
    readonly Random _speaker;
    volatile HashSet<LightClient> _away = [];
    Task _talking = Task.CompletedTask;

    Town(ProofContext context, ClusterGround ground, Community community, Talk talk)
    {
        (_context, _ground, Community, Talk) = (context, ground, community, talk);
        (Chosen, _speaker) = (new Random(unchecked((int)context.Seed)), new Random(unchecked((int)context.Seed + 1)));
        Crowd = new Crowd(community, talk, [.. Enumerable.Range(0, community.People).Select(person => new LightClient(community, person, talk))]);
    }

    public Community Community { get; }

    public Crowd Crowd { get; }

    public Talk Talk { get; }

    /// <summary>For whoever strikes. One thread's.</summary>
    public Random Chosen { get; }

    /// <summary>Everybody is there and talks.</summary>
    /// <param name="context">Program, folder and seed.</param>
    /// <param name="ground">What the nodes stand on.</param>
    /// <param name="people">How many, each with one device.</param>
    /// <param name="rooms">How many rooms besides General.</param>
    /// <param name="perSecond">What all of them say together; one in ten in General.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ProofException">They did not get in.</exception>
    public static async Task<Town> SettleAsync(ProofContext context, ClusterGround ground, int people, int rooms, double perSecond, CancellationToken ct)
    {
        var town = new Town(context, ground, await Community.FoundAsync(context, people, rooms, ct, ground), new Talk(bodyBytes: 60));
        if (!await town.Crowd.GatherAsync(s_gathered, ct)) throw new ProofException(town.Talk.Findings[0]);
        town._talking = Talk.PaceAsync(perSecond, town.Say, town._quiet.Token);
        return town;
    }

    /// <summary>Waits until every node has acknowledged something that was asked for from now on.</summary>
    /// <returns>How long it took; null: longer than anybody waits, which is a finding.</returns>
    public async Task<TimeSpan?> AcknowledgesAsync(string after, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        Talk.Watch();
        while (Stopwatch.GetElapsedTime(began) < s_patience)
        {
            if (Talk.AllAcknowledgedAt(Community.Nodes.Count) is { } at) return Stopwatch.GetElapsedTime(began, at);
            await Task.Delay(5, ct);
        }
        Talk.Find($"Not every node has acknowledged anything {s_patience.TotalSeconds:0} s after {after}.");
        return null;
    }

    /// <summary>Waits until every node tells exactly those as connected who are.</summary>
    /// <returns>How long it took; null: longer than anybody waits, which is a finding.</returns>
    public async Task<TimeSpan?> PresenceAsync(string after, CancellationToken ct)
    {
        var (began, wrong) = (Stopwatch.GetTimestamp(), "");
        while (Stopwatch.GetElapsedTime(began) < s_patience)
        {
            wrong = await WrongAsync(ct);
            if (wrong.Length == 0) return Stopwatch.GetElapsedTime(began);
            await Task.Delay(200, ct);
        }
        Talk.Find($"{s_patience.TotalSeconds:0} s after {after} {wrong}.");
        return null;
    }

    /// <summary>Some go, when all that they said is acknowledged, and stay away until <see cref="ComeBack"/>.</summary>
    public async Task SendAwayAsync(int people, CancellationToken ct)
    {
        _away = [.. Crowd.Clients.OrderBy(_ => Chosen.Next()).Take(people)];
        await Ground.UntilAsync(() => !_away.Any(static it => it.HasPending), s_patience, "what those who go have said is acknowledged", ct);
        foreach (var client in _away)
        {
            client.Coming.Shut();
            client.Cut();
        }
    }

    public void ComeBack()
    {
        foreach (var client in _away) client.Coming.Open();
        _away = [];
    }

    /// <summary>Nobody says anything more; whatever is lost, doubled or out of order becomes a finding.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        await _quiet.CancelAsync();
        await _talking;
        await Crowd.GatherAsync(s_patience, ct);
        await Crowd.JudgeAsync(_context.Folder, _ground.DatabaseUrl, s_patience, ct);
        foreach (var node in Community.Nodes)
            if (node.HasExited) Talk.Find($"A node ended: {node.Complained}");
    }

    public async ValueTask DisposeAsync()
    {
        await _quiet.CancelAsync();
        await _talking;
        await Crowd.DisposeAsync();
        await Community.DisposeAsync();
        _quiet.Dispose();
    }

    void Say()
    {
        LightClient client;
        do client = Crowd.Clients[_speaker.Next(Crowd.Clients.Count)];
        while (_away.Contains(client)); // what is said there waits for their return, and says nothing about the nodes
        client.Say(_speaker.Next(10) == 0 ? 1 : Community.RoomOf(client.Number));
    }

    async Task<string> WrongAsync(CancellationToken ct)
    {
        for (var node = 0; node < Community.Nodes.Count; node++)
        {
            HashSet<long> told;
            try
            {
                told = [.. (await Asking.GetAsync(Community.Nodes[node].Address, "presence", Community.TokenOf(0), ProtocolJson.Wire.OnlineList, ct)).Online];
            }
            catch (Exception cause) when (cause is HttpRequestException or ProofException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                return $"node {node} does not tell who is there: {cause.Message}";
            }
            var here = Crowd.Clients.Where(static it => it.End is not null).Select(static it => it.Number + 1L).ToHashSet();
            var (strange, missing) = (told.Except(here).Count(), here.Except(told).Count());
            if (strange + missing > 0) return $"node {node} tells {strange} as connected who are not, and {missing} not who are";
        }
        return "";
    }
}
