namespace Olha.Storage.Moving;

/// <summary>What moves where.</summary>
public sealed record MoveOptions
{
    /// <summary>Both ends: <see cref="DatabaseOptions.SqlitePath"/> is the source, <see cref="DatabaseOptions.PostgresUrl"/> the target.</summary>
    public required DatabaseOptions Ends { get; init; }

    /// <summary>Empties a target that an earlier move has not finished, and begins anew.</summary>
    public bool Restart { get; init; }

    /// <summary>Rows that are stored in one transaction at most: what a kill undoes.</summary>
    public int ChunkRows { get; init; } = 20_000;
}

/// <summary>What is being done.</summary>
public enum MovePhase
{
    /// <summary>Rows are copied.</summary>
    Copy,

    /// <summary>PostgreSQL learns what it holds, so that its plans are right from the first query.</summary>
    Analyze,

    /// <summary>Both ends are read and compared.</summary>
    Verify,
}

/// <summary>How far a move is.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Table">With which table.</param>
/// <param name="Done">Rows done in this phase, over all tables; tables when analyzing.</param>
/// <param name="Total">Of so many.</param>
public readonly record struct MoveStep(MovePhase Phase, string Table, long Done, long Total);

/// <summary>A table that was found to be the same on both sides.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Checksum">32 hexadecimal digits, whatever the order of the rows.</param>
public sealed record VerifiedTable(string Name, long Rows, string Checksum);

/// <summary>A move that was finished.</summary>
/// <param name="Tables">What was copied and verified.</param>
/// <param name="CopiedBefore">Rows that an earlier run had copied.</param>
/// <param name="KeepsEpoch">Whether clients go on from what they hold; otherwise they start afresh.</param>
public sealed record MoveReport(IReadOnlyList<VerifiedTable> Tables, long CopiedBefore, bool KeepsEpoch);
