using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Olha.Load;

/// <summary>What the peers took beside the floor, in a report.</summary>
internal static class PeerTable
{
    /// <returns>A heading, what they do and don't, and the table; empty when none was measured.</returns>
    public static string Render(IReadOnlyList<Measured> measured)
    {
        var here = measured.Where(one => one.Medians.Keys.Any(door => Peer.At(door) is not null)).ToList();
        if (here.Count == 0) return "";

        var page = new StringBuilder("## Beside others\n\n");
        page.Append(string.Join(" and ", Peer.All.Select(peer => $"{peer.Name} {peer.Version}")));
        page.Append(CultureInfo.InvariantCulture, $""" on Node.js {NodeVersion()}, each as a plain broadcaster: like the floor they ask nobody who they are, store""");
        page.Append("\nnothing and acknowledge nothing, all of which ours does. Their sockets and messages are the same and are checked in the same way.\n\n");
        page.Append("| | | floor |").Append(string.Concat(Peer.All.Select(peer => $" {peer.Name} | ÷ floor |"))).Append(" v1 ÷ floor |\n");
        page.Append("|---|---|--:|").Append(string.Concat(Peer.All.Select(_ => "--:|--:|"))).Append("--:|\n");
        foreach (var (workload, medians, _) in here)
            foreach (var metric in workload.Metrics.Where(metric => Peer.All.Any(peer => medians.GetValueOrDefault(peer.Door)?[metric.Key] is not null)))
            {
                page.Append(CultureInfo.InvariantCulture, $"| {workload.Title} | {metric.Words} | {Report.Cell(medians, Door.Floor, metric)} |");
                foreach (var peer in Peer.All) page.Append(CultureInfo.InvariantCulture, $" {Report.Cell(medians, peer.Door, metric)} | {Ratio(medians, peer.Door, metric)} |");
                page.Append(CultureInfo.InvariantCulture, $" {Ratio(medians, Door.V1, metric)} |\n");
            }
        return page.ToString();
    }

    static string Ratio(IReadOnlyDictionary<Door, Figures> medians, Door door, Metric metric) =>
        Report.Ratio(Report.Value(medians, door, metric), Report.Value(medians, Door.Floor, metric));

    static string NodeVersion()
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["--version"]) { RedirectStandardOutput = true })!;
        var version = node.StandardOutput.ReadToEnd().Trim();
        node.WaitForExit();
        return version;
    }
}
