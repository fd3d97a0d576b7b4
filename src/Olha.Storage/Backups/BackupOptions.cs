namespace Olha.Storage.Backups;

/// <summary>What is backed up where.</summary>
public sealed record BackupOptions
{
    /// <summary>The database: SQLite, or PostgreSQL when it has an address.</summary>
    public required DatabaseOptions Source { get; init; }

    /// <summary>The file to make. Its folder is made when missing.</summary>
    public required string Target { get; init; }

    /// <summary>Whether a file of that name may be replaced.</summary>
    public bool Replace { get; init; }

    public required BackupAudit Audit { get; init; }
}

/// <summary>How whoever owns the tables judges a copy of them. Each reads one snapshot whose schema is this program's, and awaits nothing
/// but the session.</summary>
/// <param name="Heads">A text that is the same for the database and its copy, and another one once anything has been said.</param>
/// <param name="WhyUnsound">What in the tables contradicts itself, as one sentence; null: nothing.</param>
/// <param name="Count">How much is in it, for people to read.</param>
public sealed record BackupAudit(
    Func<Session, ValueTask<string>> Heads,
    Func<Session, ValueTask<string?>> WhyUnsound,
    Func<Session, ValueTask<IReadOnlyList<Counted>>> Count);

/// <summary>So many of something.</summary>
/// <param name="Name">What, in the plural.</param>
/// <param name="Count">How many.</param>
public sealed record Counted(string Name, long Count);

/// <summary>What is being done.</summary>
public enum BackupPhase
{
    /// <summary>The snapshot is copied.</summary>
    Copy,

    /// <summary>The copy is read and judged.</summary>
    Verify,

    /// <summary>A restored copy is moved into PostgreSQL.</summary>
    Move,
}

/// <summary>How far it is.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="With">With what; may be empty.</param>
/// <param name="Done">So much is done in this phase.</param>
/// <param name="Total">Of so much.</param>
/// <param name="Unit">Of what, in the plural.</param>
public readonly record struct BackupStep(BackupPhase Phase, string With, long Done, long Total, string Unit);

/// <summary>A backup file that was found to be sound.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Schema">The version of its schema.</param>
/// <param name="Counts">How much is in it; empty when its schema is not this program's.</param>
public sealed record BackupReport(string Path, long Bytes, string Schema, IReadOnlyList<Counted> Counts)
{
    /// <summary>The moment whose state it holds.</summary>
    public DateTimeOffset TakenAt { get; init; }
}
