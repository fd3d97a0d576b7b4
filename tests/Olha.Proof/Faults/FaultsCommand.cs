using System.Globalization;

namespace Olha.Proof;

/// <summary><c>olha-proof faults</c>: puts the program through its faults and writes down what came of it.</summary>
/// <param name="Only">Names of those to run; empty: all.</param>
/// <param name="Full">See <see cref="ProofContext.Full"/>.</param>
/// <param name="Seed">See <see cref="ProofContext.Seed"/>.</param>
/// <param name="Duration">See <see cref="ProofContext.Duration"/>.</param>
/// <param name="Postgres">The address of somebody who may make databases there: each proof gets a fresh one. Null: SQLite.</param>
/// <param name="Evidence">The folder that the evidence goes to; null: none is written.</param>
internal sealed record FaultsCommand(
    IReadOnlyList<string> Only, bool Full, ulong Seed, TimeSpan? Duration, string? Postgres, string? Evidence)
{
    /// <summary>The document that it writes: forms and databases are kept apart.</summary>
    string Document => $"faults{(Postgres is null ? "" : "-postgres")}{(Full ? "" : "-short")}";

    /// <summary>Reads the arguments after <c>faults</c>.</summary>
    /// <exception cref="ProofException">They make no sense; the message says why.</exception>
    public static FaultsCommand Parse(IReadOnlyList<string> arguments)
    {
        var command = new FaultsCommand([], Full: true, (ulong)Random.Shared.NextInt64(1, 1_000_000), null, null, EvidenceFile.Folder);
        for (var i = 0; i < arguments.Count; i++)
        {
            command = arguments[i] switch
            {
                "--short" => command with { Full = false },
                "--no-evidence" => command with { Evidence = null },
                "--evidence" => command with { Evidence = Next() },
                "--only" => command with { Only = Next().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--seed" => command with { Seed = ulong.TryParse(Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : throw Wrong() },
                "--hours" => command with { Duration = TimeSpan.FromHours(Figure()) },
                "--minutes" => command with { Duration = TimeSpan.FromMinutes(Figure()) },
                "--postgres" => command with { Postgres = Next() },
                var other => throw new ProofException($"{other} is no option of faults."),
            };

            string Next() => ++i < arguments.Count ? arguments[i] : throw Wrong();
            double Figure() => double.TryParse(Next(), CultureInfo.InvariantCulture, out var figure) && figure > 0 ? figure : throw Wrong();
            ProofException Wrong() => new($"{arguments[Math.Min(i, arguments.Count - 1)]}: a value is missing or wrong.");
        }
        var unknown = command.Only.Except(FaultTable.All.Select(static proof => proof.Name), StringComparer.OrdinalIgnoreCase).ToArray();
        return unknown.Length == 0
            ? command
            : throw new ProofException($"There is no fault {string.Join(", ", unknown)}, only {string.Join(", ", FaultTable.All.Select(static it => it.Name))}.");
    }

    /// <returns>0: every promise was kept; 1: one was not; 2: a proof could not go on.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var code = 0;
        foreach (var proof in FaultTable.All.Where(it => Only.Count == 0 || Only.Contains(it.Name, StringComparer.OrdinalIgnoreCase)))
        {
            Console.WriteLine($"{proof.Name}, seed {Seed}: {proof.Summary}");
            try
            {
                var part = await RunAsync(proof, ct);
                if (Evidence is not null) await EvidenceFile.MergeAsync(Evidence, Document, part, ct);
                Console.WriteLine(EvidenceReport.OneLine(part));
                if (part.Verdict is Verdict.Broken) code = Math.Max(code, 1);
            }
            catch (ProofException cause)
            {
                Console.WriteLine($"{proof.Name}: could not go on: {cause.Message}");
                code = 2;
            }
        }
        if (Evidence is not null) await ReportAsync(Evidence, ct);
        return code;
    }

    /// <summary>Writes the page that is made from a folder's evidence.</summary>
    public static async Task ReportAsync(string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "README.md"), new EvidenceReport(await EvidenceFile.ReadAllAsync(folder, ct)).Render(), ct);
    }

    async Task<Part> RunAsync(IProof proof, CancellationToken ct)
    {
        var databaseUrl = Postgres is null ? null : await Databases.NewAsync(Postgres, ct);
        var ran = await Circumstances.TakeAsync(Programs.UnderTest, databaseUrl, ct);
        var folder = Directory.CreateTempSubdirectory($"olha-proof-{proof.Name.ToLowerInvariant()}-").FullName;
        try
        {
            var part = await proof.RunAsync(new ProofContext(
                Programs.UnderTest, folder, Seed, Full, line => Console.WriteLine($"  {DateTime.UtcNow:HH:mm:ss} {line}"), databaseUrl, Duration), ct);
            return part with
            {
                Again = part.Again ?? $"script/faults {(Full ? "" : "--short ")}{(Postgres is null ? "" : "--on postgres ")}--only {proof.Name} --seed {Seed}",
                Ran = (part.Ran ?? ran) with { Seconds = Math.Round((DateTimeOffset.UtcNow - ran.Started).TotalSeconds, 1) },
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
