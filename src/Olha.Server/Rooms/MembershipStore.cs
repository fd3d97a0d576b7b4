using Dapper;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>All SQL that writes <c>memberships</c>, and the list of a room's members.</summary>
/// <remarks>Each write takes a revision of the room's stream, or of the person's, or of both: the caller has advanced them.</remarks>
internal sealed class MembershipStore
{
    const string Come = """
        INSERT INTO memberships (room_id, user_id, joined, since, mark, rev, person_rev)
        VALUES (@room, @user, 1, @now, @mark, @rev, @personRev)
        ON CONFLICT (room_id, user_id) DO UPDATE
        SET joined = 1, moderator = 0, since = excluded.since, mark = excluded.mark, rev = excluded.rev, person_rev = excluded.person_rev
        """;

    const string Go = """
        UPDATE memberships SET joined = 0, moderator = 0, since = @now, rev = @rev, person_rev = @personRev
        WHERE room_id = @room AND user_id = @user
        """;

    const string SetMark = """
        UPDATE memberships SET mark = @mark, person_rev = @personRev WHERE room_id = @room AND user_id = @user AND joined = 1
        """;

    const string SetLevelOf = """
        UPDATE memberships SET level = @level, person_rev = @personRev WHERE room_id = @room AND user_id = @user AND joined = 1
        """;

    const string SetPosted = "UPDATE memberships SET posted_at = @at WHERE room_id = @room AND user_id = @user";

    const string SetManyPostedPostgres = """
        UPDATE memberships SET posted_at = @at FROM unnest(@rooms::bigint[], @users::bigint[]) AS p (room_id, user_id)
        WHERE memberships.room_id = p.room_id AND memberships.user_id = p.user_id
        """;

    const string SetModerator = """
        UPDATE memberships SET moderator = @moderator, rev = @rev, person_rev = @personRev WHERE room_id = @room AND user_id = @user
        """;

    const string WhoRead = """
        SELECT user_id FROM memberships WHERE room_id = @room AND joined = 1 AND mark >= @seq AND user_id <> @except ORDER BY user_id
        """;

    // The index memberships_joined holds who is in a room, and nobody who was.
    const string Joined = """
        SELECT user_id, joined, since, rev, moderator FROM memberships WHERE room_id = @room AND joined = 1 ORDER BY user_id
        """;

    // By the index (user_id, person_rev).
    const string Of = "SELECT room_id, joined, since, rev, moderator FROM memberships WHERE user_id = @user ORDER BY room_id";

    const string NotDirect = """
        SELECT m.room_id FROM memberships m JOIN rooms r ON r.id = m.room_id
        WHERE m.user_id = @user AND m.joined = 1 AND r.kind <> 'direct' AND r.deleted_at IS NULL ORDER BY m.room_id
        """;

    const string One = "SELECT user_id, joined, since, rev, moderator FROM memberships WHERE room_id = @room AND user_id = @user";

    // By the index of the one's memberships, then a look by key for the other's.
    const string Meet = """
        SELECT m.room_id FROM memberships m
        JOIN memberships n ON n.room_id = m.room_id AND n.user_id = @other AND n.joined = 1
        WHERE m.user_id = @user AND m.joined = 1 LIMIT 1
        """;

    /// <summary>Somebody is in a room from now on, for the first time or again, and has read what was said before.</summary>
    public async Task<Member> ComeAsync(
        Transaction tx, long roomId, long userId, long mark, long rev, long personRev, DateTimeOffset now)
    {
        await tx.Connection.ExecuteAsync(
            Come, new { room = roomId, user = userId, mark, rev, personRev, now = now.ToUnixTimeMilliseconds() }, tx.DbTransaction);
        return new Member(roomId, userId, true, now, rev);
    }

    public async Task<Member> GoAsync(Transaction tx, long roomId, long userId, long rev, long personRev, DateTimeOffset now)
    {
        await tx.Connection.ExecuteAsync(
            Go, new { room = roomId, user = userId, rev, personRev, now = now.ToUnixTimeMilliseconds() }, tx.DbTransaction);
        return new Member(roomId, userId, false, now, rev);
    }

    public Task SetMarkAsync(Transaction tx, long roomId, long userId, long mark, long personRev) =>
        tx.Connection.ExecuteAsync(SetMark, new { room = roomId, user = userId, mark, personRev }, tx.DbTransaction);

    public Task SetLevelAsync(Transaction tx, long roomId, long userId, RoomLevel level, long personRev) =>
        tx.Connection.ExecuteAsync(SetLevelOf, new { room = roomId, user = userId, level = Levels.Word(level), personRev }, tx.DbTransaction);

    /// <summary>When a member spoke last, which only slow mode asks for. No revision: nobody is told.</summary>
    public Task SetPostedAsync(Transaction tx, long roomId, long userId, DateTimeOffset at) =>
        tx.Connection.ExecuteAsync(SetPosted, new { room = roomId, user = userId, at = at.ToUnixTimeMilliseconds() }, tx.DbTransaction);

    /// <summary>Who has just spoken where, in rooms in slow mode whose locks the unit has.</summary>
    public static void SetManyPosted(Round round, long[] rooms, long[] users, DateTimeOffset at) =>
        round.Add(SetManyPostedPostgres, ("@rooms", rooms), ("@users", users), ("@at", at.ToUnixTimeMilliseconds()));

    public Task SetModeratorAsync(Transaction tx, long roomId, long userId, bool moderator, long rev, long personRev) =>
        tx.Connection.ExecuteAsync(
            SetModerator, new { room = roomId, user = userId, moderator = moderator ? 1L : 0L, rev, personRev }, tx.DbTransaction);

    /// <summary>Whether two people are in a room together.</summary>
    public async ValueTask<bool> DoMeetAsync(Session session, long userId, long otherId) =>
        await session.ScalarAsync<long?>(Meet, ("@other", otherId), ("@user", userId)) is not null;

    /// <summary>Members who have read a room up to a message or further, by id.</summary>
    public ValueTask<List<long>> WhoReadAsync(Session session, long roomId, long seq, long exceptUserId) => session.ListAsync(
        WhoRead, static row => row.GetInt64(0), ("@room", roomId), ("@seq", seq), ("@except", exceptUserId));

    /// <summary>Who is in a room, by id.</summary>
    public async Task<IReadOnlyList<Member>> ListAsync(Session session, long roomId)
    {
        var rows = await session.Connection.QueryAsync<ChangedMember>(Joined, new { room = roomId }, session.DbTransaction);
        return [.. rows.Select(row => row.ToMember(roomId))];
    }

    /// <summary>All memberships of a person, those that ended too, by room.</summary>
    public ValueTask<List<Member>> OfAsync(Session session, long userId) => session.ListAsync(
        Of, row => new Member(
            row.GetInt64(0), userId, row.GetInt64(1) == 1, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.GetInt64(3),
            row.GetInt64(4) == 1 ? true : null),
        ("@user", userId));

    /// <summary>The open and closed rooms that a person is in, by id.</summary>
    public ValueTask<List<long>> NotDirectAsync(Session session, long userId) =>
        session.ListAsync(NotDirect, static row => row.GetInt64(0), ("@user", userId));

    /// <summary>Somebody's membership, also one that ended; null: they never were in it.</summary>
    public async Task<Member?> FindAsync(Session session, long roomId, long userId) =>
        (await session.Connection.QueryFirstOrDefaultAsync<ChangedMember>(
            One, new { room = roomId, user = userId }, session.DbTransaction))?.ToMember(roomId);
}
