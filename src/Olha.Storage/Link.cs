using System.Data.Common;

namespace Olha.Storage;

/// <summary>One connection with its prepared statements: what a <see cref="Session"/> works through.</summary>
internal abstract class Link
{
    public abstract Dialect Dialect { get; }
    public abstract DbConnection Connection { get; }

    public abstract ValueTask<List<T>> ListAsync<T>(
        string sql, Func<DbDataReader, T> read, ReadOnlySpan<(string Name, object? Value)> parameters);

    public abstract ValueTask<T?> FirstOrDefaultAsync<T>(
        string sql, Func<DbDataReader, T?> read, ReadOnlySpan<(string Name, object? Value)> parameters);

    public abstract ValueTask<int> ExecuteAsync(string sql, ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>See <see cref="Transaction.InsertAsync"/>.</summary>
    public virtual ValueTask<long?> InsertAsync(string sql, ReadOnlySpan<(string Name, object? Value)> parameters) =>
        throw new NotSupportedException("An INSERT on PostgreSQL returns its id.");

    /// <summary>See <see cref="Transaction.RunAsync"/>.</summary>
    public virtual ValueTask RunAsync(Round round) => throw new NotSupportedException("SQLite is in this process: there are no round trips.");

    /// <summary>See <see cref="Transaction.Share"/>.</summary>
    public virtual T? Share<T>(Func<T> make) where T : class, IShared => null;

    /// <summary>A unit that shares nothing looks at the database: what was shared is written and forgotten.</summary>
    public virtual void EndSharing() { }
}
