namespace Olha.Proof;

/// <summary><c>olha-proof fuzz</c>.</summary>
internal static class FuzzCommand
{
    public static async Task<int> RunAsync(string[] arguments, CancellationToken ct)
    {
        string? Option(string name) => Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;

        var seed = ulong.Parse(Option("--seed") ?? "1");
        IReadOnlyList<string> program = Option("--program") is { } file ? [file] : Programs.UnderTest;
        var postgres = Option("--postgres");
        var red = false;
        if (long.Parse(Option("--frames") ?? "0") is > 0 and var frames)
            red |= Tell("frames", await WithNodeAsync(program, postgres, node => new FrameFuzz(node, seed, Corpus.Known).RunAsync(frames, ct), ct));
        if (long.Parse(Option("--bodies") ?? "0") is > 0 and var bodies)
            red |= Tell("requests", await WithNodeAsync(program, postgres, async node =>
            {
                var fuzz = new BodyFuzz(node, seed);
                var run = await fuzz.RunAsync(bodies, ct);
                Console.WriteLine(string.Join(", ", fuzz.Answers.OrderBy(static it => it.Key).Select(static it => $"{it.Key}: {it.Value}")));
                return run;
            }, ct));
        if (long.Parse(Option("--readers") ?? "0") is > 0 and var inputs) red |= Look(seed, inputs);
        return red ? 1 : 0;
    }

    // What it finds takes the place of the corpus that is there: what is known is looked at again first.
    static bool Look(ulong seed, long inputs)
    {
        var readers = new Readers(Programs.BuiltFolder);
        var fuzz = new CoverageFuzz(readers, seed);
        var findings = fuzz.Run(inputs, Corpus.Known);
        var steps = Coverage.Steps;
        var least = CoverageFuzz.Least(readers, fuzz.Kept);
        Corpus.Keep(least);
        Console.WriteLine($"{inputs} inputs reached {steps} steps of the readers; {least.Count} of them are kept; {findings.Count} findings");
        foreach (var finding in findings) Console.WriteLine(finding);
        return findings.Count > 0;
    }

    static async Task<Fuzzed> WithNodeAsync(IReadOnlyList<string> program, string? postgres, Func<FuzzedNode, Task<Fuzzed>> run, CancellationToken ct)
    {
        await using var node = await FuzzedNode.StartAsync(program, postgres is null ? null : await Databases.NewAsync(postgres, ct), ct);
        return await run(node);
    }

    static bool Tell(string what, Fuzzed run)
    {
        Console.WriteLine(
            $"{run.Inputs} {what} on {run.Connections} connections in {run.Took:hh\\:mm\\:ss}, seed {run.Seed}: {run.Acknowledged} posts stored; "
            + $"memory {run.Before} MiB before, {run.After} after, {run.Peak} at most; {run.Findings.Count} findings");
        foreach (var finding in run.Findings)
        {
            Console.WriteLine(finding);
            finding.Keep("fuzz-findings");
        }
        return run.Findings.Count > 0;
    }
}
