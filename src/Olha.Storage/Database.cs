using Olha.Storage.Postgres;
using Olha.Storage.Sqlite;

namespace Olha.Storage;

/// <summary>Which SQL a <see cref="Database"/> speaks, for the few statements that cannot be shared.</summary>
public enum Dialect { Sqlite, Postgres }

/// <summary>The one door to the database: units of work that write, and snapshots that are read.</summary>
/// <remarks>The seam is the unit of work, not the table. Two real implementations: SQLite and PostgreSQL.</remarks>
public abstract class Database : IAsyncDisposable
{
    [ThreadStatic]
    static bool s_announcing;

    public abstract Dialect Dialect { get; }

    /// <summary>A random value that changes when the data may have gone back in time: after a restore or a copied-back file.
    /// A client that holds another one starts afresh.</summary>
    public abstract string Epoch { get; }

    /// <summary>Whether this thread runs what units gave to <see cref="Transaction.AfterCommit"/>: more may follow at once, and
    /// <see cref="Announced"/> will be raised.</summary>
    public static bool IsAnnouncing => s_announcing;

    /// <summary>Raised when all that was to run after a commit, or after several that were made together, has run. Must not
    /// throw.</summary>
    public event Action? Announced;

    /// <summary>Raised for each commit, and when one was not possible, before anybody is told: on SQLite on the writer's thread.
    /// Must be quick and must not throw.</summary>
    public event Action<Commit>? Committed;

    /// <summary>Units of work that wait to begin, or on PostgreSQL have not ended.</summary>
    public abstract int Waiting { get; }

    /// <summary>Opens the database, creating it when there is none, and brings its schema up to date.</summary>
    /// <exception cref="DatabaseRefusedException">It must not be opened: another process has it, its schema is newer than
    /// this program, a script that it ran was edited since. The message is one clear line.</exception>
    /// <exception cref="DatabaseUnavailableException">It can't be reached.</exception>
    public static Task<Database> OpenAsync(DatabaseOptions options, CancellationToken ct) =>
        options.PostgresUrl is { } url
            ? PostgresDatabase.OpenAsync(url, options, ct)
            : SqliteDatabase.OpenAsync(options, ct);

    /// <summary>Runs a unit of work and completes after its commit, when the changes are durable.</summary>
    /// <param name="work">Runs once, or again from the start: after a conflict or a lost connection (PostgreSQL), or when another
    /// unit of its batch takes back what it wrote (SQLite). On SQLite it runs on the writer thread and must complete synchronously:
    /// awaiting anything but <see cref="Session"/> throws.</param>
    /// <param name="ct">Gives up waiting to begin; a unit that has begun is finished.</param>
    /// <param name="lane">Units handed in with the same lane run in the order in which they were handed in.</param>
    /// <param name="quick">The caller goes on with something short that waits for nothing: it may run on the writer's thread.</param>
    /// <exception cref="DatabaseUnavailableException">The database can't be written right now (full disk, foreign lock,
    /// lost connection, too much waiting already, shutting down). Nothing of this unit is stored, unless
    /// <see cref="DatabaseUnavailableException.OutcomeUnknown"/>.</exception>
    public abstract ValueTask<T> WriteAsync<T>(
        Func<Transaction, ValueTask<T>> work, CancellationToken ct, Lane? lane = null, bool quick = false);

    /// <summary>Reads in one snapshot: every statement sees the same state.</summary>
    /// <param name="work">Runs off the caller's thread. On SQLite it must complete synchronously, as a unit that
    /// writes; on PostgreSQL it may run again from the start.</param>
    /// <param name="ct">Gives up waiting to begin.</param>
    /// <exception cref="DatabaseUnavailableException">The database can't be read right now.</exception>
    public abstract ValueTask<T> ReadAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct);

    /// <summary>Does what one node of a cluster is to do at a time, unless another one is at it: the one way for all that runs by a
    /// clock. On SQLite there is one node.</summary>
    /// <param name="name">What it is called on every node.</param>
    /// <param name="work">Is cancelled when this node's turn is lost with its connection. Another node may have begun some seconds before
    /// that is noticed: what both would do at once must do no harm, as two units of work do none.</param>
    /// <param name="ct">Cancels the work.</param>
    /// <returns>False: another node is at it, and nothing was done here.</returns>
    /// <exception cref="DatabaseUnavailableException">The turn can't be taken right now, or was lost before the work was done.</exception>
    public abstract Task<bool> OncePerClusterAsync(string name, Func<CancellationToken, Task> work, CancellationToken ct);

    /// <summary>Finishes what was handed in, then closes.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Runs what is to run after commits.</summary>
    /// <param name="announce">Calls them all; throws nothing.</param>
    protected void RunAnnouncements(Action announce)
    {
        s_announcing = true;
        announce();
        s_announcing = false;
        Announced?.Invoke();
    }

    /// <summary>Tells whoever watches.</summary>
    protected void Tell(Commit commit) => Committed?.Invoke(commit);
}
