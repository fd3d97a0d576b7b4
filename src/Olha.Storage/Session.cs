using System.Data.Common;

namespace Olha.Storage;

/// <summary>One snapshot being read. Dapper.AOT queries go over <see cref="Connection"/> and <see cref="DbTransaction"/>;
/// the hot path uses the methods here, which keep statements prepared and, on SQLite, allocate nothing but their results.</summary>
/// <remarks>Statement texts are constants: they are told apart by reference. Parameter values are <c>long</c>, <c>int</c>,
/// <c>double</c>, <c>string</c>, <c>byte[]</c> or null; every named parameter must be given, in any order. The row handed to a
/// mapping function is one cursor that moves on: read from it, don't keep it.</remarks>
public class Session
{
    readonly Link _link;
    readonly DbTransaction? _transaction;
    bool _ended;

    internal Session(Link link, DbTransaction? transaction) => (_link, _transaction) = (link, transaction);

    public DbConnection Connection => Link.Connection;

    /// <summary>What Dapper wants beside the connection. Null on SQLite, where the transaction belongs to the connection.</summary>
    public DbTransaction? DbTransaction => _transaction;

    public Dialect Dialect => _link.Dialect;

    private protected Link Link
    {
        get
        {
            // A unit that goes on after its end would write into somebody else's transaction.
            if (_ended) throw new InvalidOperationException("This unit of work has ended; its session can't be used any more.");
            if (!Sharing) _link.EndSharing();
            return _link;
        }
    }

    private protected bool Sharing { get; set; }

    public ValueTask<List<T>> ListAsync<T>(
        string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Link.ListAsync(sql, read, parameters);

    /// <summary>The first row, or default when there is none.</summary>
    public ValueTask<T?> FirstOrDefaultAsync<T>(
        string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Link.FirstOrDefaultAsync(sql, read, parameters);

    /// <summary>The first column of the first row; default when there is no row or the value is null.
    /// <typeparamref name="T"/> is <c>long</c>, <c>double</c>, <c>string</c>, <c>byte[]</c>, or nullable.</summary>
    public ValueTask<T?> ScalarAsync<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Link.FirstOrDefaultAsync(sql, Scalar<T>.Read, parameters);

    /// <summary>How many rows were inserted, updated or deleted.</summary>
    public ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Link.ExecuteAsync(sql, parameters);

    internal void End() => _ended = true;

    static class Scalar<T>
    {
        public static readonly Func<DbDataReader, T?> Read = static row =>
            row.IsDBNull(0) ? default
            : typeof(T) == typeof(long?) ? (T)(object)row.GetInt64(0)
            : typeof(T) == typeof(double?) ? (T)(object)row.GetDouble(0)
            : row.GetFieldValue<T>(0);
    }
}

/// <summary>A unit of work that writes.</summary>
public sealed class Transaction : Session
{
    List<Action>? _afterCommit;

    readonly Link _link;

    internal Transaction(Link link, DbTransaction? transaction, bool sharing = false) : base(link, transaction) =>
        (_link, Sharing) = (link, sharing);

    /// <summary>Whether this unit takes back what it wrote and only returns its value.</summary>
    public bool RolledBack { get; private set; }

    /// <summary>Takes back all this unit wrote; it still returns its value. For refusals found after the first write.</summary>
    public void Rollback() => RolledBack = true;

    /// <summary>Runs after the commit and before the caller hears of it; never when the unit was rolled back. Units that lock
    /// the same row run theirs in the order of their commits, on SQLite all units do. Must be quick and must not throw: others
    /// wait for it.</summary>
    public void AfterCommit(Action action) => (_afterCommit ??= []).Add(action);

    /// <summary>What the units before this one share, as long as all of them asked for the same: nothing else has been written
    /// since. To be called before anything is read.</summary>
    /// <param name="make">Makes it for the first of them.</param>
    /// <returns>Null: this unit is on its own. It always is on PostgreSQL, where others write too.</returns>
    public T? Share<T>(Func<T> make) where T : class, IShared
    {
        var shared = _link.Share(make);
        Sharing = shared is not null;
        return shared;
    }

    /// <summary>Inserts one row, on SQLite.</summary>
    /// <returns>Its id; null: the statement inserted none.</returns>
    public ValueTask<long?> InsertAsync(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Link.InsertAsync(sql, parameters);

    /// <summary>Runs several statements in one round trip, on PostgreSQL.</summary>
    public ValueTask RunAsync(Round round) => Link.RunAsync(round);

    /// <summary>The last statements of this unit, on PostgreSQL: they go to the server together with the commit. Not when it rolls
    /// back.</summary>
    /// <param name="round">What is left to do.</param>
    /// <param name="units">How many units of work that came together are in it, for <see cref="Commit.Units"/>.</param>
    public void CommitWith(Round round, int units) => (Last, Units) = (round, units);

    internal int Units { get; private set; } = 1;

    internal Round? Last { get; private set; }

    internal List<Action>? Announcements => RolledBack ? null : _afterCommit;
}
