using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>All SQL that touches <c>removals</c>: whose messages are being removed.</summary>
internal sealed class RemovalStore
{
    const string Insert = """
        INSERT INTO removals (user_id, actor_id, at, removed) VALUES (@user, @actor, @at, 0)
        ON CONFLICT (user_id) DO UPDATE SET actor_id = excluded.actor_id, at = excluded.at
        """;

    const string List = "SELECT user_id, actor_id, at, removed FROM removals ORDER BY at, user_id";

    const string Find = "SELECT user_id, actor_id, at, removed FROM removals WHERE user_id = @user";

    const string Count = "UPDATE removals SET removed = removed + @removed WHERE user_id = @user";

    // Whose mark was set anew meanwhile is gone through once more.
    const string End = "DELETE FROM removals WHERE user_id = @user AND at = @at RETURNING user_id, actor_id, at, removed";

    public ValueTask<int> AddAsync(Transaction tx, long userId, long? actorId, DateTimeOffset at) =>
        tx.ExecuteAsync(Insert, ("@user", userId), ("@actor", actorId), ("@at", at.ToUnixTimeMilliseconds()));

    public ValueTask<List<Removal>> ListAsync(Session session) => session.ListAsync(List, Removal.Read);

    public ValueTask<Removal?> FindAsync(Session session, long userId) => session.FirstOrDefaultAsync(Find, Removal.Read, ("@user", userId));

    public ValueTask<int> CountAsync(Transaction tx, long userId, int removed) =>
        tx.ExecuteAsync(Count, ("@user", userId), ("@removed", removed));

    /// <returns>The removal as it ended; null: another one ended it, or it goes on.</returns>
    public ValueTask<Removal?> EndAsync(Transaction tx, Removal removal) =>
        tx.FirstOrDefaultAsync(End, Removal.Read, ("@user", removal.UserId), ("@at", removal.At.ToUnixTimeMilliseconds()));
}

/// <summary>Somebody whose messages are being removed.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="ActorId">By whom; null: the program's command line.</param>
/// <param name="At">What was said until then goes.</param>
/// <param name="Removed">How many have gone.</param>
internal sealed record Removal(long UserId, long? ActorId, DateTimeOffset At, long Removed)
{
    public static Removal Read(System.Data.Common.DbDataReader row) => new(
        row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.GetInt64(3));
}
