namespace Olha.Storage.Backups;

/// <summary>What is restored where.</summary>
public sealed record RestoreOptions
{
    /// <summary>The backup.</summary>
    public required string File { get; init; }

    /// <summary>The database that it becomes: SQLite, or PostgreSQL when it has an address.</summary>
    public required DatabaseOptions Target { get; init; }

    /// <summary>SQLite: whether a database that is there gives its place to the backup; it is kept under another name. PostgreSQL: whether
    /// an unfinished copy is emptied.</summary>
    public bool Replace { get; init; }

    public required BackupAudit Audit { get; init; }
}

/// <summary>What was restored.</summary>
/// <param name="Backup">What is in it.</param>
/// <param name="Kept">SQLite: the file that holds what was there before; null: nothing was there.</param>
/// <param name="Rows">PostgreSQL: rows that were moved and compared.</param>
public sealed record RestoreReport(BackupReport Backup, string? Kept, long Rows);
