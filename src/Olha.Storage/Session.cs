using System.Data.Common;

namespace Olha.Storage;

/// <summary>One snapshot being read. Dapper.AOT queries go over <see cref="Connection"/> and <see cref="DbTransaction"/>;
/// the hot path uses the methods here, which keep statements prepared.</summary>
public class Session
{
    internal Session(DbConnection connection, DbTransaction transaction, Dialect dialect) =>
        (Connection, DbTransaction, Dialect) = (connection, transaction, dialect);

    public DbConnection Connection { get; }
    public DbTransaction DbTransaction { get; }
    public Dialect Dialect { get; }

    // ListAsync, FirstAsync, ExecuteAsync: prepared statements, mapped by hand
}

/// <summary>A unit of work that writes.</summary>
public sealed class Transaction : Session
{
    List<Action>? _afterCommit;

    internal Transaction(DbConnection connection, DbTransaction transaction, Dialect dialect) : base(connection, transaction, dialect) { }

    /// <summary>Whether this unit takes back what it wrote and only returns its value.</summary>
    public bool RolledBack { get; private set; }

    /// <summary>Takes back all this unit wrote; it still returns its value. For refusals found after the first write.</summary>
    public void Rollback() => RolledBack = true;

    /// <summary>Runs after the commit, in commit order on SQLite; never when the unit was rolled back. Must be quick and
    /// must not throw: it runs on the writer thread.</summary>
    public void AfterCommit(Action action) => (_afterCommit ??= []).Add(action);
}
