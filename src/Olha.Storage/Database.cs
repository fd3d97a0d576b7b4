namespace Olha.Storage;

/// <summary>Which SQL a <see cref="Database"/> speaks, for the few statements that cannot be shared.</summary>
public enum Dialect { Sqlite, Postgres }

/// <summary>The one door to the database: units of work that write, and snapshots that are read.</summary>
/// <remarks>The seam is the unit of work, not the table. Two real implementations: SQLite and PostgreSQL.</remarks>
public abstract class Database : IAsyncDisposable
{
    public abstract Dialect Dialect { get; }

    /// <summary>A random value that changes when the data may have gone back in time: after a restore or a copied-back file.
    /// A client that holds another one starts afresh.</summary>
    public abstract string Epoch { get; }

    /// <summary>Runs a unit of work and completes after its commit, when the changes are durable.</summary>
    /// <param name="work">Runs once, or again from the start after a serialization conflict (PostgreSQL). On SQLite it runs
    /// on the writer thread and must complete synchronously: awaiting anything but <see cref="Session"/> throws.</param>
    /// <param name="ct">Gives up waiting to begin; a unit that has begun is finished.</param>
    /// <param name="lane">Units handed in with the same lane run in the order in which they were handed in.</param>
    /// <exception cref="DatabaseUnavailableException">The database can't be written right now (full disk, foreign lock,
    /// lost connection, shutting down). Nothing of this unit is stored, unless <see cref="DatabaseUnavailableException.OutcomeUnknown"/>.</exception>
    public abstract ValueTask<T> WriteAsync<T>(Func<Transaction, ValueTask<T>> work, CancellationToken ct, Lane? lane = null);

    /// <summary>Reads in one snapshot: every statement sees the same state.</summary>
    public abstract ValueTask<T> ReadAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}

/// <summary>An order that units of work keep among themselves; see <see cref="Database.WriteAsync"/>.</summary>
public sealed class Lane
{
    internal Task Tail = Task.CompletedTask;
}

/// <summary>The database can't be reached or written right now. Asking again later can succeed.</summary>
public sealed class DatabaseUnavailableException(string message, bool outcomeUnknown, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the connection was lost during commit: the unit may or may not be stored.</summary>
    public bool OutcomeUnknown { get; } = outcomeUnknown;
}
