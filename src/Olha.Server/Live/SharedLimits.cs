using Olha.Fanout;

namespace Olha.Server.Live;

/// <summary>What nodes count together. The numbers travel between nodes, of two versions perhaps: none gets another meaning.</summary>
internal enum Limit : byte
{
    Talk = 1,
    Guess = 2,
    SignIn = 3,
    SignUp = 4,
    Look = 5,
    Sockets = 6,
}

/// <summary>What was used up of a limit on one node counts on all: it is told to them ten times a second, together.</summary>
/// <remarks>
/// A hint like any other: what is lost, while Redis is away for one, was counted on its own node only. A limit can so be used up once a node
/// at worst, which docs/operations.md puts into figures.
/// Hot path: Spend runs once a message; alone it does nothing, with others it adds to a list that is sent and not kept.
/// Lock: docs/locks.md. Nothing is called while it is held.
/// </remarks>
internal sealed class SharedLimits(IBackplane backplane, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(100);

    /// <summary>More in a tenth of a second is not told: each node still limits what comes to itself.</summary>
    const int MostTogether = 10_000;

    readonly Lock _gate = new();
    readonly Heard?[] _heard = new Heard?[Enum.GetValues<Limit>().Length + 1];
    List<Spending> _spent = [];

    /// <summary>Told which node used up how much of whose.</summary>
    public delegate void Heard(long node, long who, int count);

    /// <summary>Whether there are other nodes.</summary>
    public bool AreShared => backplane.Hearing is not Hearing.Alone;

    /// <summary>Registers who counts what other nodes used up. Before the first request.</summary>
    public void Listen(Limit limit, Heard heard) => _heard[(int)limit] = heard;

    /// <summary>So much was used up on this node.</summary>
    public void Spend(Limit limit, long who, int count = 1)
    {
        if (!AreShared) return;
        lock (_gate)
            if (_spent.Count < MostTogether) _spent.Add(new Spending((byte)limit, who, count));
    }

    /// <summary>Other nodes used up so much.</summary>
    public void Hear(Signal.Spent spent)
    {
        foreach (var (limit, who, count) in spent.Spendings)
            if (limit < _heard.Length) _heard[limit]?.Invoke(spent.Node, who, count);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!AreShared) return;
        using var timer = new PeriodicTimer(s_gather, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) Tell();
    }

    void Tell()
    {
        List<Spending> spent;
        lock (_gate)
        {
            if (_spent.Count == 0) return;
            (spent, _spent) = (_spent, []);
        }
        backplane.Publish(new Signal.Spent(spent));
    }
}
