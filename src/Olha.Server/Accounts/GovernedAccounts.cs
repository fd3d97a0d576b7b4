using System.Data.Common;
using Dapper;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Accounts as those see them who govern them, and what is written to them from above.</summary>
internal sealed class GovernedAccounts(TimeProvider clock)
{
    const int Page = 50;
    const int Together = 500;

    // By the key. Sessions are counted in the index on user_id; those that ended by themselves are not cleared away yet.
    const string Columns = """
        u.id, u.username, u.display_name, u.color, u.role, u.rev, u.status, u.state, u.pronouns, u.time_zone, u.created_at, u.last_seen_at,
        u.invitation_id, (SELECT COUNT(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > @now AND s.used_at > @idleSince) AS sessions
        """;

    const string List = $"""
        SELECT {Columns} FROM users u
        WHERE u.id > @after AND (@role = '' OR u.role = @role) AND ((@state = '' AND u.state <> 'deleted') OR u.state = @state)
        ORDER BY u.id LIMIT @limit
        """;

    const string One = $"SELECT {Columns} FROM users u WHERE u.id = @user";

    const string CountOtherOwners = "SELECT COUNT(*) FROM users WHERE role = 'owner' AND state = 'active' AND id <> @user";

    const string SetStanding = "UPDATE users SET role = @role, state = @state, rev = @rev WHERE id = @user";

    const string SetPassword = "UPDATE users SET password_hash = @hash WHERE id = @user";

    /// <summary>A page of accounts by id.</summary>
    /// <param name="session">The snapshot.</param>
    /// <param name="after">What the page before gave as <c>next</c>; 0: from the start.</param>
    /// <param name="query">What the user name or the display name holds, whatever the case; empty: anything.</param>
    /// <param name="role">Only these; null: all.</param>
    /// <param name="state">Only these; null: all that are not deleted.</param>
    /// <remarks>Names are folded here, because neither database folds as we do: a search that finds little looks at everybody.</remarks>
    public async ValueTask<AccountList> ListAsync(Session session, long after, string query, Role? role, PersonState? state)
    {
        var wanted = PlainLine.Fold(query.Trim());
        List<Account> found = [];
        while (true)
        {
            var limit = wanted.Length == 0 ? Page + 1 : Together;
            var rows = await session.ListAsync(
                List, Read, ("@now", Now), ("@idleSince", IdleSince), ("@after", after), ("@role", role is { } r ? Roles.Word(r) : ""),
                ("@state", state is { } s ? States.Word(s) : ""), ("@limit", limit));
            found.AddRange(rows.Where(account => Holds(account.Person, wanted)));
            if (found.Count > Page) return new AccountList(found[..Page], found[Page - 1].Person.Id);
            if (rows.Count < limit) return new AccountList(found, null);
            after = rows[^1].Person.Id;
        }
    }

    public ValueTask<Account?> FindAsync(Session session, long userId) =>
        session.FirstOrDefaultAsync(One, Read, ("@now", Now), ("@idleSince", IdleSince), ("@user", userId));

    /// <summary>Whether the server has an active owner besides this person. Under the server row's lock.</summary>
    public async Task<bool> AnyOtherOwnerAsync(Transaction tx, long userId) =>
        await tx.Connection.ExecuteScalarAsync<long>(CountOtherOwners, new { user = userId }, tx.DbTransaction) > 0;

    /// <summary>Gives somebody another role and state, at a revision of the server's stream that the caller has taken.</summary>
    public Task SetStandingAsync(Transaction tx, Person person) => tx.Connection.ExecuteAsync(SetStanding, new
    {
        user = person.Id, role = Roles.Word(person.Role), state = States.Word(person.State ?? PersonState.Active), rev = person.Rev,
    }, tx.DbTransaction);

    /// <summary>Gives somebody another password, whatever the one was until now.</summary>
    public Task SetPasswordAsync(Transaction tx, long userId, string hash) =>
        tx.Connection.ExecuteAsync(SetPassword, new { user = userId, hash }, tx.DbTransaction);

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
    long IdleSince => (clock.GetUtcNow() - Sessions.Idle).ToUnixTimeMilliseconds();

    static bool Holds(Person person, string wanted) =>
        wanted.Length == 0
        || PlainLine.Fold(person.Username).Contains(wanted, StringComparison.Ordinal)
        || PlainLine.Fold(person.DisplayName).Contains(wanted, StringComparison.Ordinal);

    static Account Read(DbDataReader row) => new(
        PeopleDirectory.Read(row), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)),
        row.IsDBNull(11) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11)), row.GetInt64(13),
        row.IsDBNull(12) ? null : row.GetInt64(12));
}
