namespace Olha.Proof;

/// <summary>A plan, run and judged.</summary>
/// <param name="Ran">What came of it.</param>
/// <param name="Violations">What was not kept; empty: green.</param>
internal sealed record Checked(Ran Ran, IReadOnlyList<Violation> Violations);

/// <summary>Runs plans and judges what was seen.</summary>
internal static class Check
{
    /// <param name="plan">What to do.</param>
    /// <param name="program">The program under test.</param>
    /// <param name="postgres">A server where a database of its own can be made; null: SQLite.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="more">What else is to be told to the runner: nodes, faults.</param>
    /// <exception cref="ProofException">The run could not be made.</exception>
    public static async Task<Checked> RunAsync(
        Plan plan, IReadOnlyList<string> program, string? postgres, CancellationToken ct, Func<RunOptions, RunOptions>? more = null)
    {
        await using var database = postgres is null ? null : await FreshDatabase.OnAsync(postgres);
        var options = new RunOptions(program, TruthReader.ReadAsync) { DatabaseUrl = database?.Url, Faults = Strikes.All };
        var ran = await PlanRunner.RunAsync(plan, more?.Invoke(options) ?? options, ct);
        return new Checked(ran, Judge.Verdict(ran.Run));
    }

    /// <summary>The same on a cluster, in a fresh database.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="program">The program under test.</param>
    /// <param name="ground">What the nodes stand on: there are as many as it has cables.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="more">What else is to be told to the runner.</param>
    /// <exception cref="ProofException">The run could not be made.</exception>
    public static async Task<Checked> RunOnClusterAsync(
        Plan plan, IReadOnlyList<string> program, ClusterGround ground, CancellationToken ct, Func<RunOptions, RunOptions>? more = null)
    {
        await ground.RenewAsync();
        var options = new RunOptions(program, TruthReader.ReadAsync)
        {
            DatabaseUrl = ground.DatabaseUrl, Ground = ground, Nodes = ground.ToRedis.Count, Faults = [.. Strikes.All, .. ClusterStrikes.All],
        };
        var ran = await PlanRunner.RunAsync(plan, more?.Invoke(options) ?? options, ct);
        return new Checked(ran, Judge.Verdict(ran.Run));
    }

    /// <summary>Keeps a plan, to be run again with <c>script/check --plan</c>.</summary>
    /// <returns>The file, from the project's folder.</returns>
    public static async Task<string> KeepAsync(Plan plan, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Programs.Root, "artifacts", "proof")).FullName;
        var file = Path.Combine(folder, $"{name}.json");
        await File.WriteAllTextAsync(file, PlanJson.Write(plan));
        return Path.GetRelativePath(Programs.Root, file);
    }
}
