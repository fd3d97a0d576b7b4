using System.Data.Common;
using Dapper;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>All SQL that touches <c>invitations</c>, the rooms that they lead into, and who came by them.</summary>
/// <remarks>An invitation's row is locked last, after rooms, people and the server: whoever takes it takes nothing more.</remarks>
internal sealed class InvitationStore(TimeProvider clock)
{
    const string Columns = "i.id, i.creator_id, i.role, i.note, i.created_at, i.expires_at, i.max_uses, i.uses, i.revoked_at";

    // By the unique index on token_hash. Who is no longer here invites nobody.
    const string FindHeld = $"""
        SELECT {Columns} FROM invitations i JOIN users u ON u.id = i.creator_id AND u.state = 'active'
        WHERE i.token_hash = @hash AND i.revoked_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > @now)
        """;

    const string List = $"SELECT {Columns} FROM invitations i ORDER BY i.id DESC";

    const string RoomsOfAll = "SELECT invitation_id, room_id FROM invitation_rooms ORDER BY invitation_id, room_id";

    const string RoomsOf = "SELECT room_id FROM invitation_rooms WHERE invitation_id = @invitation ORDER BY room_id";

    const string RoomNames = """
        SELECT r.name FROM invitation_rooms o JOIN rooms r ON r.id = o.room_id
        WHERE o.invitation_id = @invitation AND r.is_general = 0 AND r.archived_at IS NULL AND r.deleted_at IS NULL
        ORDER BY r.name_key
        """;

    const string PeopleOfAll = "SELECT invitation_id, user_id FROM invitation_uses ORDER BY invitation_id, user_id";

    const string Insert = """
        INSERT INTO invitations (token_hash, creator_id, role, note, created_at, expires_at, max_uses)
        VALUES (@hash, @creator, @role, @note, @now, @expires, @maxUses)
        RETURNING id
        """;

    const string InsertRoom = "INSERT INTO invitation_rooms (invitation_id, room_id) VALUES (@invitation, @room)";

    // The row's lock decides between those who want its last use at once.
    const string TakeUse = """
        UPDATE invitations SET uses = uses + 1
        WHERE id = @invitation AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now) AND (max_uses IS NULL OR uses < max_uses)
        """;

    const string InsertUse = "INSERT INTO invitation_uses (invitation_id, user_id, at) VALUES (@invitation, @user, @now)";

    const string CountUses = "SELECT COUNT(*) FROM invitation_uses WHERE invitation_id = @invitation AND user_id = @user";

    const string Find = $"SELECT {Columns} FROM invitations i WHERE i.id = @invitation";

    const string Revoke = "UPDATE invitations SET revoked_at = @now WHERE id = @invitation AND revoked_at IS NULL";

    const string RevokeOf = "UPDATE invitations SET revoked_at = @now WHERE creator_id = @creator AND revoked_at IS NULL RETURNING id";

    /// <summary>The invitation of a secret, as long as it was not revoked and has not ended; null: there is none. Whether it has uses
    /// left is for <see cref="Invitation.IsSpent"/> and, for good, <see cref="TakeAsync"/>.</summary>
    public async ValueTask<Invitation?> FindAsync(Session session, string? token)
    {
        if (token?.Length != SessionToken.Length) return null;
        var found = await session.FirstOrDefaultAsync(FindHeld, Read, ("@hash", SessionToken.Hash(token)), ("@now", Now));
        return found is null ? null : found with { RoomIds = await RoomsOfAsync(session, found.Id) };
    }

    public async ValueTask<Invitation?> FindAsync(Session session, long invitationId) =>
        await session.FirstOrDefaultAsync(Find, Read, ("@invitation", invitationId));

    /// <summary>All there ever were, the newest first.</summary>
    public async ValueTask<InvitationList> ListAsync(Session session)
    {
        var rooms = await PairsAsync(session, RoomsOfAll);
        var people = await PairsAsync(session, PeopleOfAll);
        var all = await session.ListAsync(List, Read);
        return new InvitationList([.. all.Select(it => (it with { RoomIds = [.. rooms[it.Id]] }).ToInfo([.. people[it.Id]]))]);
    }

    /// <summary>The names of the rooms that one can come into by it, General's not among them.</summary>
    public ValueTask<List<string>> RoomNamesAsync(Session session, long invitationId) =>
        session.ListAsync(RoomNames, static row => row.GetString(0), ("@invitation", invitationId));

    /// <summary>A new invitation.</summary>
    /// <returns>It with its id.</returns>
    public async ValueTask<Invitation> AddAsync(Transaction tx, Invitation invitation, string token)
    {
        var id = await tx.ScalarAsync<long>(
            Insert, ("@hash", SessionToken.Hash(token)), ("@creator", invitation.CreatorId), ("@role", Roles.Word(invitation.Role)),
            ("@note", invitation.Note), ("@now", invitation.CreatedAt.ToUnixTimeMilliseconds()),
            ("@expires", invitation.ExpiresAt?.ToUnixTimeMilliseconds()), ("@maxUses", invitation.MaxUses));
        foreach (var room in invitation.RoomIds)
            await tx.Connection.ExecuteAsync(InsertRoom, new { invitation = id, room }, tx.DbTransaction);
        return invitation with { Id = id };
    }

    /// <summary>Takes one use, and with it the invitation's lock.</summary>
    /// <returns>Whether there was one left.</returns>
    public async Task<bool> TakeAsync(Transaction tx, long invitationId) =>
        await tx.Connection.ExecuteAsync(TakeUse, new { invitation = invitationId, now = Now }, tx.DbTransaction) == 1;

    /// <summary>Writes down whose the use was that was taken.</summary>
    public Task AddUseAsync(Transaction tx, long invitationId, long userId) =>
        tx.Connection.ExecuteAsync(InsertUse, new { invitation = invitationId, user = userId, now = Now }, tx.DbTransaction);

    public async Task<bool> WasUsedByAsync(Session session, long invitationId, long userId) =>
        await session.Connection.ExecuteScalarAsync<long>(
            CountUses, new { invitation = invitationId, user = userId }, session.DbTransaction) > 0;

    /// <summary>Ends an invitation; its row stays.</summary>
    /// <returns>Whether it was still held.</returns>
    public async Task<bool> RevokeAsync(Transaction tx, long invitationId) =>
        await tx.Connection.ExecuteAsync(Revoke, new { invitation = invitationId, now = Now }, tx.DbTransaction) == 1;

    /// <summary>Ends all that somebody made.</summary>
    /// <returns>The ids of those that were still held.</returns>
    public ValueTask<List<long>> RevokeOfAsync(Transaction tx, long creatorId) =>
        tx.ListAsync(RevokeOf, static row => row.GetInt64(0), ("@creator", creatorId), ("@now", Now));

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    static ValueTask<List<long>> RoomsOfAsync(Session session, long invitationId) =>
        session.ListAsync(RoomsOf, static row => row.GetInt64(0), ("@invitation", invitationId));

    static async ValueTask<ILookup<long, long>> PairsAsync(Session session, string sql)
    {
        var pairs = await session.ListAsync(sql, static row => (Of: row.GetInt64(0), What: row.GetInt64(1)));
        return pairs.ToLookup(pair => pair.Of, pair => pair.What);
    }

    static Invitation Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), Roles.Parse(row.GetString(2)), row.IsDBNull(3) ? null : row.GetString(3), Time(row, 4)!.Value,
        Time(row, 5), row.IsDBNull(6) ? null : row.GetInt64(6), row.GetInt64(7), Time(row, 8), []);

    static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
