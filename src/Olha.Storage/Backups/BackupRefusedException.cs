namespace Olha.Storage.Backups;

/// <summary>What stands in the way of a backup or its restoring.</summary>
public enum BackupObstacle
{
    /// <summary>There is no such file.</summary>
    SourceMissing,

    /// <summary>It is no database of this program.</summary>
    SourceForeign,

    /// <summary>Its schema is not this program's: older where that matters.</summary>
    SourceOutdated,

    /// <summary>A newer program made it.</summary>
    SourceTooNew,

    /// <summary>It is damaged, or contradicts itself.</summary>
    Unsound,

    /// <summary>What would be written is there already.</summary>
    TargetExists,

    /// <summary>The backup is the database that it would become.</summary>
    SameFile,

    /// <summary>Another process is writing it, or has it open.</summary>
    TargetBusy,

    /// <summary>It can't be written there.</summary>
    TargetUnwritable,

    /// <summary>The disk has not enough room.</summary>
    NoRoom,
}

/// <summary>A backup can't be made, or not be restored. The message is one line.</summary>
public sealed class BackupRefusedException(BackupObstacle obstacle, string message, Exception? inner = null)
    : DatabaseRefusedException(message, inner)
{
    public BackupObstacle Obstacle { get; } = obstacle;
}
