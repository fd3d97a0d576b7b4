using System.Net.Sockets;
using Npgsql;

namespace Olha.Storage.Postgres;

/// <summary>What an error of PostgreSQL means for a unit of work.</summary>
internal static class PostgresFailure
{
    /// <summary>The unit met another one and lost; nothing of it is stored and it can be run again.</summary>
    /// <remarks>Beside serialization failures and deadlocks a unique violation, once: who looks first and inserts then may have
    /// lost a race that can't happen on SQLite. Run again, the unit sees the winner's row and answers by its own rules; a second
    /// violation is a bug and is thrown.</remarks>
    public static bool IsConflict(Exception exception, int attempt) => exception is PostgresException postgres && postgres.SqlState switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => true,
        PostgresErrorCodes.UniqueViolation => attempt == 1,
        _ => false,
    };

    /// <summary>The connection is gone, or the server refuses to work now.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException postgres => IsOutOfOrder(postgres.SqlState),
        NpgsqlException => true,
        SocketException or IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Whether a commit that failed like this may have happened all the same: no answer came, or the server was told
    /// to end while it waited for a standby.</summary>
    public static bool LeavesOutcomeUnknown(Exception exception) =>
        exception is not PostgresException postgres || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal);

    // Classes 08 connection, 53 resources (full disk, too many connections), 57P shutting down or starting, 58 system errors;
    // 55P03 and 57014 a lock or a statement that took too long.
    static bool IsOutOfOrder(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal) ||
        state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal) ||
        state is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled;
}
