using Dapper;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>All SQL that writes <c>users</c>, and what only signing in reads.</summary>
internal sealed class AccountStore
{
    // The name as it was typed first: an adopted "Alice" beside "alice" is found by her own name.
    // Both halves of the OR walk a unique index.
    const string FindForSignIn = """
        SELECT id, username, password_hash, state FROM users
        WHERE username = @name OR name_key = @key
        ORDER BY CASE WHEN username = @name THEN 0 ELSE 1 END LIMIT 1
        """;

    const string CountNamed = "SELECT COUNT(*) FROM users WHERE username = @name OR name_key = @key";

    const string CountAny = "SELECT COUNT(*) FROM (SELECT id FROM users LIMIT 1) AS one";

    // Over the index on color alone.
    const string CountColors = "SELECT color, COUNT(*) AS people FROM users GROUP BY color";

    const string Insert = """
        INSERT INTO users (username, name_key, display_name, password_hash, color, role, invitation_id, created_at, rev, last_rev)
        VALUES (@username, @key, @displayName, @hash, @color, @role, @invitation, @now, @rev, 0)
        RETURNING id
        """;

    const string SetProfile = """
        UPDATE users SET display_name = @displayName, status = @status, pronouns = @pronouns, time_zone = @timeZone, rev = @rev WHERE id = @user
        """;

    // No revision: who was here when is asked for, never told.
    const string SetLastSeen = "UPDATE users SET last_seen_at = @at WHERE id = @user AND (last_seen_at IS NULL OR last_seen_at < @at) AND state <> 'deleted'";

    const string FindCreated = "SELECT created_at FROM users WHERE id = @user";

    const string FindLastSeen = "SELECT last_seen_at FROM users WHERE id = @user";

    const string FindPassword = "SELECT password_hash FROM users WHERE id = @user";

    const string SetPassword = "UPDATE users SET password_hash = @hash WHERE id = @user AND password_hash = @old";

    // Nobody who is gone for good comes into a room again, by an invitation that was on its way.
    const string CountOwners = "SELECT COUNT(*) FROM users WHERE role = 'owner' AND state = 'active'";

    const string Bury = """
        UPDATE users SET username = @username, name_key = @key, display_name = @displayName, password_hash = '', role = 'guest', state = 'deleted',
            status = NULL, pronouns = NULL, time_zone = NULL, last_seen_at = NULL, rev = @rev
        WHERE id = @user
        """;

    const string Advance = "UPDATE users SET last_rev = last_rev + @revs WHERE id = @user AND state <> 'deleted' RETURNING last_rev";

    public Task<SignInRow?> FindForSignInAsync(Session session, string name) =>
        session.Connection.QueryFirstOrDefaultAsync<SignInRow>(
            FindForSignIn, new { name, key = UserName.KeyOf(name) }, session.DbTransaction);

    public async Task<bool> IsTakenAsync(Session session, string name) =>
        await session.Connection.ExecuteScalarAsync<long>(CountNamed, new { name, key = UserName.KeyOf(name) }, session.DbTransaction) > 0;

    public async Task<bool> AnyAsync(Session session) =>
        await session.Connection.ExecuteScalarAsync<long>(CountAny, transaction: session.DbTransaction) > 0;

    /// <summary>The colour for somebody new. Under the server row's lock, so that two who come at once differ.</summary>
    public async Task<int> NextColorAsync(Transaction tx) =>
        Palette.LeastUsed(await tx.Connection.QueryAsync<ColorUse>(CountColors, transaction: tx.DbTransaction));

    public async Task<Person> AddAsync(Transaction tx, NewAccount account, long rev, DateTimeOffset now)
    {
        var color = await NextColorAsync(tx);
        var id = await tx.Connection.QuerySingleAsync<long>(Insert, new
        {
            username = account.Username, key = UserName.KeyOf(account.Username), displayName = account.DisplayName, hash = account.PasswordHash,
            color = (long)color, role = Roles.Word(account.Role), invitation = account.InvitationId, now = now.ToUnixTimeMilliseconds(), rev,
        }, tx.DbTransaction);
        return new Person(id, account.Username, account.DisplayName, Palette.Css(color), account.Role, rev);
    }

    public Task SetProfileAsync(Transaction tx, Person person) =>
        tx.Connection.ExecuteAsync(SetProfile, new
        {
            user = person.Id, displayName = person.DisplayName, status = person.Status, pronouns = person.Pronouns, timeZone = person.TimeZone,
            rev = person.Rev,
        }, tx.DbTransaction);

    public Task SetLastSeenAsync(Transaction tx, long userId, DateTimeOffset at) =>
        tx.Connection.ExecuteAsync(SetLastSeen, new { user = userId, at = at.ToUnixTimeMilliseconds() }, tx.DbTransaction);

    /// <summary>When somebody was last connected; null: it is not known, or there is nobody of this id.</summary>
    public async Task<DateTimeOffset?> LastSeenAsync(Session session, long userId) =>
        await session.Connection.ExecuteScalarAsync<long?>(FindLastSeen, new { user = userId }, session.DbTransaction) is { } at
            ? DateTimeOffset.FromUnixTimeMilliseconds(at)
            : null;

    /// <summary>When somebody made their account.</summary>
    public async ValueTask<DateTimeOffset> CreatedAtAsync(Session session, long userId) =>
        DateTimeOffset.FromUnixTimeMilliseconds(await session.ScalarAsync<long>(FindCreated, ("@user", userId)));

    /// <summary>Replaces a hash, unless the password has changed since.</summary>
    /// <returns>Whether it had not.</returns>
    public async Task<bool> SetPasswordAsync(Transaction tx, long userId, string old, string hash) =>
        await tx.Connection.ExecuteAsync(SetPassword, new { user = userId, old, hash }, tx.DbTransaction) > 0;

    /// <summary>The hash of somebody's password; null: there is nobody of this id.</summary>
    public ValueTask<string?> PasswordHashOfAsync(Session session, long userId) => session.ScalarAsync<string>(FindPassword, ("@user", userId));

    /// <summary>Owners who can come in. Under the server row's lock, which everybody takes who changes one.</summary>
    public ValueTask<long> CountOwnersAsync(Session session) => session.ScalarAsync<long>(CountOwners);

    /// <summary>Nobody has this account any more, and nothing is left of who it was.</summary>
    /// <param name="tx">The unit of work, which holds the server row's lock: nobody takes the name meanwhile.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="rev">The revision of the server's stream that gives the person this form.</param>
    public async Task BuryAsync(Transaction tx, long userId, long rev)
    {
        // An account of before may be called so.
        var username = UserName.OfDeleted(userId);
        while (await IsTakenAsync(tx, username)) username += "-";
        await tx.Connection.ExecuteAsync(Bury, new
        {
            user = userId, username, key = UserName.KeyOf(username), displayName = UserName.ShownWhenDeleted, rev,
        }, tx.DbTransaction);
    }

    /// <summary>Takes the next <paramref name="revs"/> revisions of a person's own stream, and with them its lock.</summary>
    /// <returns>The new head; null: there is nobody of this id, or not any more.</returns>
    public Task<long?> AdvanceAsync(Transaction tx, long userId, int revs) =>
        tx.Connection.QueryFirstOrDefaultAsync<long?>(Advance, new { user = userId, revs }, tx.DbTransaction);
}

/// <summary>What signing in needs to know of an account.</summary>
internal sealed record SignInRow(long Id, string Username, string PasswordHash, string State);

/// <summary>Somebody about to be somebody.</summary>
internal sealed record NewAccount(string Username, string DisplayName, string PasswordHash, Role Role, long? InvitationId = null);
