using System.Diagnostics;

namespace Olha.Proof;

/// <summary>Runs the program that has a fault until it is seen.</summary>
/// <param name="program">The one with all faults: <see cref="MutatedProgram"/>.</param>
/// <param name="postgres">A server where each run that needs one makes a database of its own; null: such runs can't be made.</param>
/// <param name="seed">Of the first run; others count on from it.</param>
/// <param name="controls">Runs of each kind that are made without any fault.</param>
internal sealed class Hunt(IReadOnlyList<string> program, string? postgres, ulong seed = 1, int controls = 3)
{
    /// <summary>So many runs are made at most: a fault that takes more to be seen is overlooked.</summary>
    public const int MostRuns = 5;

    const int Posts = 60;
    const int ImagesCut = 120;

    // The same with and without a fault: who is too slow for it makes the control red, never a fault seen.
    static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(4);

    /// <summary>Runs with a fault, at most <see cref="MostRuns"/> times.</summary>
    public Task<Hunted> RunAsync(Mutant mutant, CancellationToken ct) => UntilRightAsync(mutant, mutant.Shown, ct);

    /// <summary>Runs without any fault: all of them must be green, or seeing one says nothing.</summary>
    public Task<Hunted> ControlAsync(Showing shown, CancellationToken ct) => UntilRightAsync(null, shown, ct);

    async Task<Hunted> UntilRightAsync(Mutant? mutant, Showing shown, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        await using var ground = shown.Nodes > 1 ? await ClusterGround.MakeAsync(shown.Nodes) : null;
        for (var runs = 1; ; runs++)
        {
            var of = seed + (ulong)runs - 1;
            var violations = shown.PowerCut ? await CutPowerAsync(mutant, of, ct) : await CheckAsync(mutant, shown, of, ground, ct);
            var hunted = new Hunted(mutant, of, runs, Stopwatch.GetElapsedTime(began).TotalSeconds, violations);
            if (hunted.IsRight == (mutant is not null) || runs == (mutant is null ? controls : MostRuns)) return hunted;
        }
    }

    async Task<IReadOnlyList<Violation>> CheckAsync(Mutant? mutant, Showing shown, ulong of, ClusterGround? ground, CancellationToken ct)
    {
        if (shown.OnPostgres && postgres is null) throw new ProofException($"{mutant?.Name ?? "A run"} needs a PostgreSQL server.");
        var plan = PlanMaker.Make(of, shown.Size);
        var result = ground is null
            ? await Check.RunAsync(plan, ProgramOf(mutant), shown.OnPostgres ? postgres : null, ct, static options => options with { AnswerWithin = s_answerWithin })
            // On several nodes a lost hint is found within two seconds, not at once.
            : await Check.RunOnClusterAsync(plan, ProgramOf(mutant), ground, ct, static options => options with { AnswerWithin = 2 * s_answerWithin });
        return result.Violations;
    }

    async Task<IReadOnlyList<Violation>> CutPowerAsync(Mutant? mutant, ulong of, CancellationToken ct)
    {
        using var ground = new Ground();
        var conversation = new Conversation();
        var recorded = await PostsRecorded.RunAsync(ground, ProgramOf(mutant), Posts, of, conversation, ct);
        return
        [
            .. conversation.Complaints.Select(static it => new Violation(0, it)),
            .. Images.Of(recorded, ImagesCut, of).SelectMany(image => PowerCutFault.Audit(image, recorded)
                .Select(it => new Violation(1, $"image {image.Number} of {ImagesCut}: {it}"))),
        ];
    }

    IReadOnlyList<string> ProgramOf(Mutant? mutant) => ["env", $"{MutatedSource.Variable}={mutant?.Name}", .. program];
}
