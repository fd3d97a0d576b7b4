using System.Text.Json.Serialization;

namespace Olha.Proof;

/// <summary>What was proved, written down so that somebody else can look and try again: <c>docs/evidence/NAME.json</c>.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Parts">What was run, each part as it was run last, in the order of their names.</param>
internal sealed record Evidence(string Name, IReadOnlyList<Part> Parts)
{
    /// <summary>One word over all parts: the worst one's.</summary>
    public Verdict Verdict => Parts.Count == 0 ? Verdict.Unfinished : Parts.Max(static part => part.Verdict);

    /// <summary>With a part in the place of its former run.</summary>
    public Evidence With(Part part) =>
        this with { Parts = [.. Parts.Where(it => it.Name != part.Name).Append(part).OrderBy(static it => it.Name, Natural.Order)] };
}

/// <summary>How a part ended, from good to bad.</summary>
internal enum Verdict
{
    /// <summary>Everything that was asked for was done, and every promise was kept.</summary>
    Kept,
    /// <summary>Every promise was kept in what was done, which is less than was asked for.</summary>
    Shortened,
    /// <summary>Nothing was done.</summary>
    Unfinished,
    /// <summary>A promise was broken, or a demand missed.</summary>
    Broken,
}

/// <summary>One part of the proof, as it was run.</summary>
/// <param name="Name">F1, F2, ..., soak, mutants, conformance, fuzz, checker.</param>
/// <param name="Summary">What is done to the server and what it owes then, in plain words.</param>
/// <param name="Unit">What is counted: <c>kills</c>, <c>clients</c>, <c>hours</c>.</param>
/// <param name="Asked">How many the full form asks for.</param>
/// <param name="Done">How many were really run.</param>
/// <param name="Seed">Of every choice in it.</param>
/// <param name="Demands">What was measured, beside what it may be.</param>
/// <param name="Findings">Promises that were not kept, a sentence each, with seed and figures.</param>
/// <param name="Notes">What a reader must know besides: what could not be observed, what was left out and why; null: nothing.</param>
/// <param name="Samples">Figures over time; null: none were taken.</param>
/// <param name="Again">The command that runs it again; null: <c>script/faults --only NAME --seed SEED</c>.</param>
/// <param name="Ran">When, where and what: given by whoever ran it.</param>
internal sealed record Part(
    string Name, string Summary, string Unit, double Asked, double Done, ulong Seed, IReadOnlyList<Demand> Demands,
    IReadOnlyList<string> Findings, string? Notes = null, Samples? Samples = null, string? Again = null, Ran? Ran = null)
{
    public Verdict Verdict =>
        Findings.Count > 0 || Demands.Any(static demand => demand.Met == false) ? Verdict.Broken
        : Done <= 0 ? Verdict.Unfinished
        : Done < Asked ? Verdict.Shortened
        : Verdict.Kept;
}

/// <summary>A figure and what it may be.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Measured">The figure; null: it could not be measured.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Limit">In words, with the figure: <c>at most 1.2</c>; null: nothing is asked of it.</param>
/// <param name="Met">Whether it is what it may be; null: it is only written down, because it was not judged.</param>
internal sealed record Demand(string What, double? Measured, string Unit, string? Limit = null, bool? Met = null)
{
    /// <param name="what">See <see cref="What"/>.</param>
    /// <param name="measured">See <see cref="Measured"/>.</param>
    /// <param name="unit">See <see cref="Unit"/>.</param>
    /// <param name="limit">The most that it may be.</param>
    /// <param name="judged">False: a figure of the machine that is not judged in a short form.</param>
    public static Demand AtMost(string what, double measured, string unit, double limit, bool judged = true) =>
        new(what, measured, unit, FormattableString.Invariant($"at most {limit:0.###}"), judged ? measured <= limit : null);

    /// <param name="what">See <see cref="What"/>.</param>
    /// <param name="measured">See <see cref="Measured"/>.</param>
    /// <param name="unit">See <see cref="Unit"/>.</param>
    public static Demand Figure(string what, double? measured, string unit) => new(what, measured, unit);
}

/// <summary>A table of figures over time.</summary>
/// <param name="Columns">Their names with units.</param>
/// <param name="Rows">As many figures as there are columns.</param>
internal sealed record Samples(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<double>> Rows);

/// <summary>Of which source, which program, where and when a part was run.</summary>
/// <param name="Commit">The source's commit.</param>
/// <param name="Dirty">Whether the source had changes beside it.</param>
/// <param name="Program">What the program says is its version.</param>
/// <param name="Published">Whether it was the one file that is shipped; otherwise the program as it is developed.</param>
/// <param name="Database"><c>SQLite 3.53.3</c>, <c>PostgreSQL 15.18</c>.</param>
/// <param name="Machine">Cores, memory, disk, kernel.</param>
/// <param name="Started">When.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Load">What else the machine had to do when it began: the load average of one minute.</param>
internal sealed record Ran(
    string Commit, bool Dirty, string Program, bool Published, string Database, string Machine, DateTimeOffset Started, double Seconds, double Load);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Evidence))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
