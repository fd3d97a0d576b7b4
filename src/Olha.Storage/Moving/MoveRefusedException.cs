namespace Olha.Storage.Moving;

/// <summary>What stands in a move's way.</summary>
public enum MoveObstacle
{
    /// <summary>There is no such file.</summary>
    SourceMissing,

    /// <summary>It is no database of this program.</summary>
    SourceForeign,

    /// <summary>The original program wrote it, and it has not been adopted yet.</summary>
    SourceNotAdopted,

    /// <summary>An older program wrote it.</summary>
    SourceOutdated,

    /// <summary>It was opened by a server after a part of it had been copied.</summary>
    SourceChanged,

    /// <summary>A row holds what PostgreSQL can't store.</summary>
    SourceUnsound,

    /// <summary>The target holds something that no unfinished move has put there.</summary>
    TargetNotEmpty,

    /// <summary>The target holds this very server: an earlier move was finished.</summary>
    TargetFinished,

    /// <summary>Another move is at work on the target.</summary>
    TargetBusy,

    /// <summary>The target's database is not in UTF-8.</summary>
    TargetEncoding,

    /// <summary>The copy is not the same as the source.</summary>
    Differs,
}

/// <summary>A move can't be made, or not be finished. The message is one line.</summary>
public sealed class MoveRefusedException(MoveObstacle obstacle, string message, Exception? inner = null)
    : DatabaseRefusedException(message, inner)
{
    public MoveObstacle Obstacle { get; } = obstacle;
}
