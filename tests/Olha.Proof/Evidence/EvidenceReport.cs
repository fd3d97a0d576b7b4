using System.Globalization;
using System.Text;

namespace Olha.Proof;

/// <summary>The evidence as a page to read. It says what was run, not what could be: counts, seeds and commits are those of the runs.</summary>
internal sealed class EvidenceReport(IReadOnlyList<Evidence> documents)
{
    readonly StringBuilder _page = new();

    public string Render()
    {
        _page.Clear();
        Line("<!-- Generated from the JSON beside it by olha-proof report. Do not edit. -->");
        Line("# Evidence");
        Line();
        Line("""
            *Nothing acknowledged is lost, doubled or reordered*: this page says how far that was tried, with which outcome. Every figure is of
            a run; the JSON beside it has more of each. A part that was shortened or left out says so. `tests/Olha.Proof` is the program that
            tries, and shares no code with the server but the shapes of what travels.
            """);
        Line();
        Line("`script/faults` runs all of it, `script/faults --short` a small form of each part, `script/faults --only F1,F8` some parts,");
        Line("`--seed N` the same choices again. Timing is judged in the full form only: a short one runs beside other work.");
        Line();
        foreach (var document in documents.Where(static it => it.Parts.Count > 0)) Document(document);
        if (documents.All(static it => it.Parts.Count == 0)) Line("Nothing has been run yet.");
        return _page.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>A part as one line for whoever waits for it.</summary>
    public static string OneLine(Part part) => $"{part.Name}: {Word(part.Verdict)}, {Count(part)}"
        + string.Concat(part.Demands.Where(static it => it.Met is not null).Select(static it => $"; {it.What} {Number(it.Measured)} {it.Unit} ({it.Limit})"))
        + string.Concat(part.Findings.Select(static finding => $"\n  {finding}"));

    void Document(Evidence document)
    {
        Line($"## {char.ToUpperInvariant(document.Name[0])}{document.Name[1..]}: {Word(document.Verdict)}");
        Line();
        Line("| | asked | run | seed | commit | |\n|---|--:|--:|--:|---|---|");
        foreach (var part in document.Parts)
            Line($"| {part.Name} | {Number(part.Asked)} {part.Unit} | {Number(part.Done)} | {part.Seed} | {Commit(part.Ran)} | {Word(part.Verdict)} |");
        Line();
        foreach (var part in document.Parts) Detail(part);
    }

    void Detail(Part part)
    {
        Line($"### {part.Name}");
        Line();
        Line(part.Summary);
        Line();
        Line($"**{Capital(Word(part.Verdict))}**: {Count(part)}. Again: `{part.Again ?? $"script/faults --only {part.Name} --seed {part.Seed}"}`");
        Line();
        if (part.Ran is { } ran)
        {
            Line(string.Create(CultureInfo.InvariantCulture,
                $"{ran.Started:yyyy-MM-dd HH:mm} UTC, {Duration(ran.Seconds)}, {(ran.Published ? "the shipped file" : "the program of a build")} {ran.Program}, "
                + $"{ran.Database}; {ran.Machine}; load average at the start {ran.Load:0.0}."));
            Line();
        }
        foreach (var finding in part.Findings) Line($"- **Not kept:** {finding}");
        if (part.Findings.Count > 0) Line();
        Demands(part.Demands);
        if (part.Notes is not null) Line(part.Notes + "\n");
        if (part.Samples is { Rows.Count: > 0 } samples) Table(samples);
    }

    void Demands(IReadOnlyList<Demand> demands)
    {
        if (demands.Count == 0) return;
        Line("| | measured | | asked | |\n|---|--:|---|---|---|");
        foreach (var demand in demands)
        {
            var met = demand.Met switch { true => "met", false => "**not met**", null when demand.Limit is not null => "not judged", null => "" };
            Line($"| {demand.What} | {Number(demand.Measured)} | {demand.Unit} | {demand.Limit} | {met} |");
        }
        Line();
    }

    void Table(Samples samples)
    {
        Line($"| {string.Join(" | ", samples.Columns)} |\n|{string.Concat(samples.Columns.Select(static _ => "--:|"))}");
        // As many rows as one looks at; the JSON has all.
        var step = Math.Max(1, (samples.Rows.Count + 11) / 12);
        for (var i = 0; i < samples.Rows.Count; i += step) Row(samples.Rows[i]);
        if ((samples.Rows.Count - 1) % step != 0) Row(samples.Rows[^1]);
        Line();

        void Row(IReadOnlyList<double> row) => Line($"| {string.Join(" | ", row.Select(static figure => Number(figure)))} |");
    }

    static string Count(Part part) => part.Verdict is Verdict.Unfinished
        ? $"asked {Number(part.Asked)} {part.Unit}, none were run"
        : part.Done < part.Asked
            ? $"asked {Number(part.Asked)} {part.Unit}, run {Number(part.Done)}"
            : $"{Number(part.Done)} {part.Unit} run";

    static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Kept => "kept",
        Verdict.Shortened => "kept, shortened",
        Verdict.Unfinished => "not run",
        _ => "BROKEN",
    };

    static string Commit(Ran? ran) => ran is null ? "" : ran.Dirty ? $"{ran.Commit} with changes" : ran.Commit;

    static string Duration(double seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };

    static string Number(double? figure) => figure is { } it
        ? it.ToString(Math.Abs(it) is < 10 and not 0 ? "0.###" : Math.Abs(it) < 1000 ? "0.#" : "#,0", CultureInfo.InvariantCulture)
        : "not measured";

    static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    void Line(string text = "") => _page.Append(text.ReplaceLineEndings("\n")).Append('\n');
}
