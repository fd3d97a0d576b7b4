using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Olha.Load;

/// <summary>The figures as a page to read.</summary>
internal sealed class Report(IReadOnlyList<Measured> measured, Figures disk, DateTime begin, string load, Choices choices, string? picture)
{
    readonly StringBuilder _page = new();

    double Sync => disk["fdatasync_p50_ms"] ?? 0;

    public string Render()
    {
        _page.Clear();
        Line("# Load benchmark");
        Line();
        if (choices.Quick) Line("**One short round: these figures only show that the bench works.**\n");
        Line($"{begin:yyyy-MM-dd HH:mm} UTC, commit {Commit.Describe()}, {choices.Rounds} round{(choices.Rounds == 1 ? "" : "s")}, medians.");
        Line();
        Line($"- Machine: {Machine.Describe()}, {RuntimeInformation.RuntimeIdentifier}.");
        Line($"- {(Machine.Cores.Server is null ? "There is only one core: server and load share it, nothing is pinned." : "Server on one core, load on the other, unless a case says otherwise.")}");
        Line($"- fdatasync of 4 KB: p50 {Sync:0.00} ms, p99 {disk["fdatasync_p99_ms"]:0.00} ms.");
        Line($"- Other programs used {Others(it => it.Average()):0.00} cores on average and {Others(it => it.Max()):0.00} at most; load average at the start {load}. A quiet machine has less than 0.1.");
        Line("- Durable as shipped: SQLite, `synchronous=FULL`; everybody has an account and a session; limits off.");
        Line("- A run counts only if no delivery and no acknowledgement was lost, doubled or out of order, and the database holds every post once.");
        Line();
        Line(Summary());
        if (picture is not null) Line($"![Ratios to the floor, with the goals]({picture})\n");
        Line(PeerTable.Render(measured));
        foreach (var one in measured) Detail(one);
        return _page.ToString();
    }

    /// <summary>The goals alone.</summary>
    public string Summary()
    {
        var table = new StringBuilder("| | | floor | original's door | v1 | ÷ floor | v1 ÷ original's | goal | |\n|---|---|--:|--:|--:|--:|--:|---|---|\n");
        foreach (var (workload, medians, _) in measured)
            foreach (var metric in workload.Metrics.Where(metric => metric.Goal is not null && medians.Values.Any(it => it[metric.Key] is not null)))
                table.Append(CultureInfo.InvariantCulture,
                    $"| {workload.Title} | {metric.Words} | {Cells(medians, metric)} | {metric.Goal!.Words} | {Verdict(medians, metric)} |\n");
        return table.ToString();
    }

    void Detail(Measured one)
    {
        Line($"## {one.Case.Title}");
        Line();
        Line(one.Case.What);
        Line();
        Line("| | floor | original's door | v1 | ÷ floor | v1 ÷ original's |\n|---|--:|--:|--:|--:|--:|");
        foreach (var metric in one.Case.Metrics.Where(metric => one.Medians.Values.Any(it => it[metric.Key] is not null)))
            Line($"| {metric.Words} | {Cells(one.Medians, metric)} |");
        Line();
        Line("```");
        foreach (var command in one.Commands.Values.SelectMany(commands => commands)) Line(command);
        Line("```");
        Line();
    }

    static string Cells(IReadOnlyDictionary<Door, Figures> medians, Metric metric)
    {
        var (floor, original, v1) = (Value(medians, Door.Floor, metric), Value(medians, Door.Original, metric), Value(medians, Door.V1, metric));
        return string.Join(" | ",
            Cell(medians, Door.Floor, metric), Cell(medians, Door.Original, metric), Cell(medians, Door.V1, metric),
            Ratio(original ?? v1, floor), Ratio(v1, original));
    }

    string Verdict(IReadOnlyDictionary<Door, Figures> medians, Metric metric)
    {
        var (floor, original) = (Value(medians, Door.Floor, metric), Value(medians, Door.Original, metric));
        double? Elsewhere(string title, Door door) =>
            measured.FirstOrDefault(it => it.Case.Title == title) is { } other ? Value(other.Medians, door, metric) : null;

        var ours = ((Door[])[Door.Original, Door.V1]).Where(door => medians.ContainsKey(door) && medians[door][metric.Key] is not null).ToList();
        var met = ours.Count(door => medians[door].Invalid is null && metric.Goal!.IsMet(
            medians[door][metric.Key]!.Value, new Beside(floor, door == Door.V1 ? original : null, Sync, title => Elsewhere(title, door))));
        return met == ours.Count ? "met" : met == 0 ? "not met" : "met at one door";
    }

    public static string Cell(IReadOnlyDictionary<Door, Figures> medians, Door door, Metric metric) =>
        !medians.TryGetValue(door, out var figures) ? "–"
        : figures.Invalid is { } why ? $"does not count: {why}"
        : figures[metric.Key] is { } value ? value.ToString($"N{metric.Decimals}", CultureInfo.InvariantCulture)
        : "–";

    public static double? Value(IReadOnlyDictionary<Door, Figures> medians, Door door, Metric metric) =>
        medians.TryGetValue(door, out var figures) && figures.Invalid is null ? figures[metric.Key] : null;

    public static string Ratio(double? ours, double? of) =>
        ours is { } it && of is > 0 ? (it / of.Value).ToString("0.00", CultureInfo.InvariantCulture) : "–";

    double Others(Func<IEnumerable<double>, double> of)
    {
        var all = measured.SelectMany(one => one.Medians.Values).Select(it => it["others_cpu"]).OfType<double>().ToList();
        return all.Count == 0 ? 0 : of(all);
    }

    void Line(string line = "") => _page.Append(line).Append('\n');
}
