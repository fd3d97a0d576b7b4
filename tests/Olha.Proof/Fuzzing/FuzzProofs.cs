namespace Olha.Proof;

/// <summary>Mutated frames as a part of the evidence.</summary>
internal sealed class FuzzedFrames : IProof
{
    public string Name => "fuzz-frames";

    public string Summary =>
        "Mutated frames at the v1 socket and the original's door. Every answer is a documented one, nobody else notices, memory stays bounded, what was acknowledged is stored.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var frames = context.Full ? 1_000_000 : 20_000;
        await using var node = await FuzzedNode.StartAsync(context.Program, context.DatabaseUrl, ct);
        var run = await new FrameFuzz(node, context.Seed, Corpus.Known).RunAsync(frames, ct);
        return run.ToPart(this, "frames", 1_000_000) with
        {
            Demands = [.. run.Demands, Demand.Figure("connections", run.Connections, ""), Demand.Figure("posts acknowledged and found stored", run.Acknowledged, "")],
        };
    }
}

/// <summary>Mutated requests as a part of the evidence.</summary>
internal sealed class FuzzedBodies : IProof
{
    public string Name => "fuzz-bodies";

    public string Summary =>
        "Mutated requests at every described route, as all kinds of people. No 500, no hang, every answer as docs/openapi.json and docs/protocol.md describe it, memory stays bounded.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var bodies = context.Full ? 200_000 : 5000;
        await using var node = await FuzzedNode.StartAsync(context.Program, context.DatabaseUrl, ct);
        var fuzz = new BodyFuzz(node, context.Seed);
        var run = await fuzz.RunAsync(bodies, ct);
        return run.ToPart(this, "requests", 200_000) with
        {
            Notes = "Answers by status: " + string.Join(", ", fuzz.Answers.OrderBy(static it => it.Key).Select(static it => $"{it.Key}: {it.Value}")),
        };
    }
}
