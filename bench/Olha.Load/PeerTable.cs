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

        var names = string.Join(" and ", Peer.All.Select(peer => $"{peer.Name} {peer.Version}"));
        var page = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            ## Beside others

            {names} on Node.js {NodeVersion()}, each as a plain broadcaster: like the floor they ask nobody who they are, store
            nothing and acknowledge nothing, all of which ours does. Sockets and messages are the same, and are checked in the same way.


            """));
        page.Append($"| | | floor |{Each(peer => $" {peer.Name} | ÷ floor |")} v1 ÷ floor |\n|---|---|--:|{Each(_ => "--:|--:|")}--:|\n");
        foreach (var (workload, medians, _) in here)
            foreach (var metric in workload.Metrics.Where(it => Peer.All.Any(peer => Has(medians, peer.Door, it))))
                page.Append($"| {workload.Title} | {metric.Words} | {Report.Cell(medians, Door.Floor, metric)} |")
                    .Append(Each(peer => $" {Report.Cell(medians, peer.Door, metric)} | {Ratio(medians, peer.Door, metric)} |"))
                    .Append($" {Ratio(medians, Door.V1, metric)} |\n");
        return page.ToString();
    }

    static string Each(Func<Peer, string> cell) => string.Concat(Peer.All.Select(cell));

    static bool Has(IReadOnlyDictionary<Door, Figures> medians, Door door, Metric metric) =>
        medians.GetValueOrDefault(door)?[metric.Key] is not null;

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
