using System.Diagnostics;

namespace Olha.Load;

/// <summary>Simulated nodes, those whom they serve, and their Redis.</summary>
internal sealed record Scene(Town Town, Ledger Ledger, IReadOnlyList<SimulatedNode> Nodes, (int Port, int Process) Redis)
{
    static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(300);
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Others' messages that were delivered at all nodes together, and that concerned nobody there.</summary>
    public long Taken => Nodes.Sum(static it => it.Counts.Taken);
    public long Dropped => Nodes.Sum(static it => it.Counts.Dropped);

    /// <summary>Somebody says something in a room in which nobody is.</summary>
    public void SayToNobody(Random chance) => Nodes[chance.Next(Nodes.Count)].Say(Town.Rooms + chance.Next(Town.Rooms), isLimited: false);

    /// <summary>Completes when nothing more comes.</summary>
    public async Task QuietAsync(CancellationToken ct)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var before = -1L; before != Taken + Dropped && Stopwatch.GetElapsedTime(begin) < s_patience;)
        {
            before = Taken + Dropped;
            await Task.Delay(s_quiet, ct);
        }
    }
}
