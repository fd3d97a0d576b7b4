namespace Olha.Proof;

/// <summary>One fault, or one long strain, that the server is put through.</summary>
internal interface IProof
{
    /// <summary>F1, F2, ..., soak.</summary>
    string Name { get; }

    /// <summary>What is done to the server and what it owes then, in plain words: one or two sentences for the report.</summary>
    string Summary { get; }

    /// <summary>Runs it. Broken promises are in the answer; an exception means that the proof itself could not go on.</summary>
    Task<Part> RunAsync(ProofContext context, CancellationToken ct);
}

/// <summary>What a proof is run with.</summary>
/// <param name="Program">The program under test.</param>
/// <param name="Folder">An empty folder of its own, on a disk. Whoever made it takes it away.</param>
/// <param name="Seed">Of every choice.</param>
/// <param name="Full">True: as often and as long as the plan asks. False: the short form, some seconds, whose timing is not judged.</param>
/// <param name="Log">What is going on, a line each.</param>
/// <param name="DatabaseUrl">A fresh PostgreSQL database; null: SQLite.</param>
/// <param name="Duration">For those whose size is a time: how long; null: as the form has it.</param>
internal sealed record ProofContext(
    IReadOnlyList<string> Program, string Folder, ulong Seed, bool Full, Action<string> Log, string? DatabaseUrl = null, TimeSpan? Duration = null);
