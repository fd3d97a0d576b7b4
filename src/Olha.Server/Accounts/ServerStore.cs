using System.Data.Common;
using Dapper;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>All SQL that touches <c>server</c>: its settings and the head of its stream, in which people are too.</summary>
internal sealed class ServerStore
{
    const string Advance = "UPDATE server SET last_rev = last_rev + @revs WHERE id = 1 RETURNING last_rev";

    const string Find = "SELECT name, receipts, rev, last_rev FROM server WHERE id = 1";

    const string Set = "UPDATE server SET name = @name, receipts = @receipts, rev = @rev WHERE id = 1";

    /// <summary>Takes the next <paramref name="revs"/> revisions of the server's stream, and with them its lock.</summary>
    /// <returns>The new head.</returns>
    public Task<long> AdvanceAsync(Transaction tx, int revs) =>
        tx.Connection.QuerySingleAsync<long>(Advance, new { revs }, tx.DbTransaction);

    /// <summary>Gives the settings a new form, at a revision that the caller has taken.</summary>
    public Task SetAsync(Transaction tx, ServerSettings settings) => tx.Connection.ExecuteAsync(
        Set, new { name = settings.Name, receipts = settings.Receipts ? 1L : 0L, rev = settings.Rev }, tx.DbTransaction);

    public async ValueTask<ServerRow> FindAsync(Session session) => (await session.FirstOrDefaultAsync(Find, ServerRow.Read))!;
}

/// <summary>The server's own row; <paramref name="LastRev"/> is its stream's head.</summary>
internal sealed record ServerRow(string Name, bool Receipts, long Rev, long LastRev)
{
    public static ServerRow Read(DbDataReader row) => new(row.GetString(0), row.GetInt64(1) == 1, row.GetInt64(2), row.GetInt64(3));

    public ServerSettings ToSettings() => new(Name, Receipts, Rev);
}
