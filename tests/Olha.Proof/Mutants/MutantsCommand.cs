using System.Globalization;

namespace Olha.Proof;

/// <summary><c>olha-proof mutants</c>: builds the faults into a copy of the server, and says what it took to see each.</summary>
/// <param name="Only">Names of those to run; empty: all.</param>
/// <param name="Seed">Of the first run of each.</param>
/// <param name="Postgres">A server where each run that needs one makes a database of its own; null: those that do are left out.</param>
/// <param name="Evidence">The folder that the evidence goes to; null: none is written.</param>
internal sealed record MutantsCommand(IReadOnlyList<string> Only, ulong Seed, string? Postgres, string? Evidence)
{
    const string Summary =
        "Each of these faults is built into a copy of the server on purpose, and the checker has to say that the promise is broken which the fault breaks; "
        + "without a fault the copy must be found clean.";

    /// <summary>Reads the arguments after <c>mutants</c>.</summary>
    /// <exception cref="ProofException">They make no sense; the message says why.</exception>
    public static MutantsCommand Parse(IReadOnlyList<string> arguments)
    {
        var command = new MutantsCommand([], 1, null, EvidenceFile.Folder);
        for (var i = 0; i < arguments.Count; i++)
        {
            command = arguments[i] switch
            {
                "--only" => command with { Only = Next().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--seed" => command with { Seed = ulong.TryParse(Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : throw Wrong() },
                "--postgres" => command with { Postgres = Next() },
                "--evidence" => command with { Evidence = Next() },
                "--no-evidence" => command with { Evidence = null },
                var other => throw new ProofException($"{other} is no option of mutants."),
            };

            string Next() => ++i < arguments.Count ? arguments[i] : throw Wrong();
            ProofException Wrong() => new($"{arguments[Math.Min(i, arguments.Count - 1)]}: a value is missing or wrong.");
        }
        var unknown = command.Only.Except(AllMutants.Table.Select(static it => it.Name)).ToArray();
        return unknown.Length == 0
            ? command
            : throw new ProofException($"There is no mutant {string.Join(", ", unknown)}, only {string.Join(", ", AllMutants.Table.Select(static it => it.Name))}.");
    }

    /// <returns>0: every fault was seen, and nothing where there is none; 1: not so.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var table = AllMutants.Table.Where(it => Only.Count == 0 || Only.Contains(it.Name)).Where(it => Postgres is not null || !it.Shown.OnPostgres).ToArray();
        var program = await MutatedProgram.BuildAsync(AllMutants.Table, ct);
        var ran = await Circumstances.TakeAsync(program, databaseUrl: null, ct);
        var hunt = new Hunt(program, Postgres, Seed);

        var controls = new List<Hunted>();
        foreach (var shown in table.Select(static it => it.Shown).Distinct())
            controls.Add(Tell(await hunt.ControlAsync(shown, ct)));
        var hunted = new List<Hunted>();
        foreach (var mutant in table) hunted.Add(Tell(await hunt.RunAsync(mutant, ct)));

        var part = PartOf(controls, hunted) with { Ran = ran with { Seconds = Math.Round((DateTimeOffset.UtcNow - ran.Started).TotalSeconds, 1) } };
        if (Evidence is not null && Only.Count == 0) await EvidenceFile.MergeAsync(Evidence, "mutants", part, ct);
        Console.WriteLine(EvidenceReport.OneLine(part));
        return part.Findings.Count == 0 ? 0 : 1;
    }

    static Hunted Tell(Hunted hunted)
    {
        Console.WriteLine(hunted);
        return hunted;
    }

    Part PartOf(IReadOnlyList<Hunted> controls, IReadOnlyList<Hunted> hunted) => new(
        "mutants", Summary, "mutants", AllMutants.Table.Count, hunted.Count, Seed,
        [
            Demand.AtMost("mutants that survived", hunted.Count(static it => !it.IsRight), "mutants", 0),
            Demand.AtMost("runs without a fault that were found broken", controls.Count(static it => !it.IsRight), "runs", 0),
            Demand.Figure("runs without a fault", controls.Sum(static it => it.Runs), "runs"),
            .. hunted.Select(static it => Demand.Figure(
                $"{it.Name} (I{it.Mutant!.Invariant}, seed {it.Seed}, {it.Runs} of at most {Hunt.MostRuns} runs): until it was seen", Math.Round(it.Seconds, 1), "s")),
        ],
        [.. controls.Concat(hunted).Where(static it => !it.IsRight).Select(static it => it.ToString())],
        Again: "olha-proof mutants");
}
