using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>What a person may have missed or wants to come back to, over all rooms that they are in.</summary>
internal sealed class Inbox(Database db)
{
    public const int DefaultLimit = 30;
    public const int MaxLimit = 100;

    const string Columns = """
        t.id, t.room_id, t.seq, t.rev, t.author_id, t.cid, t.kind, t.body, t.created_at, t.edited_at, t.deleted_at, t.reply_to_seq,
        t.reply_to_author_id, t.mentions, t.reactions, t.pinned_at, t.pinned_by
        """;

    // The index mentions_newest, from a key down. In rooms that were left nothing is shown.
    const string Mentions = $"""
        SELECT {Columns} FROM mentions n
        JOIN memberships m ON m.room_id = n.room_id AND m.user_id = @me AND m.joined = 1
        JOIN messages t ON t.room_id = n.room_id AND t.seq = n.seq
        WHERE n.user_id = @named AND n.author_id <> @me AND n.message_id < @before
        ORDER BY n.message_id DESC LIMIT @limit
        """;

    const string Replies = $"""
        SELECT {Columns} FROM mentions n
        JOIN memberships m ON m.room_id = n.room_id AND m.user_id = @me AND m.joined = 1
        JOIN messages t ON t.room_id = n.room_id AND t.seq = n.seq AND t.reply_to_author_id = @me
        WHERE n.user_id = @me AND n.author_id <> @me AND n.message_id < @before
        ORDER BY n.message_id DESC LIMIT @limit
        """;

    const string Saved = $"""
        SELECT {Columns} FROM saved_messages s
        JOIN memberships m ON m.room_id = s.room_id AND m.user_id = s.user_id AND m.joined = 1
        JOIN messages t ON t.room_id = s.room_id AND t.seq = s.seq AND t.deleted_at IS NULL
        WHERE s.user_id = @me AND s.saved = 1 ORDER BY s.at DESC, s.person_rev DESC
        """;

    /// <summary>Messages that mean the person: that name or answer them, or are for everybody in the room.</summary>
    public ValueTask<FoundMessages> MentionsAsync(Caller caller, long before, int limit, CancellationToken ct) => db.ReadAsync(async session =>
    {
        var own = await NamedAsync(session, caller.UserId, caller.UserId, before, limit);
        var everybody = await NamedAsync(session, caller.UserId, MentionStore.Everybody, before, limit);
        return Page([.. own.UnionBy(everybody, it => it.Id).OrderByDescending(it => it.Id)], limit);
    }, ct);

    /// <summary>Answers to the person's messages.</summary>
    public ValueTask<FoundMessages> RepliesAsync(Caller caller, long before, int limit, CancellationToken ct) => db.ReadAsync(async session =>
        Page(await session.ListAsync(Replies, MessageStore.Read, ("@me", caller.UserId), ("@before", before), ("@limit", limit + 1)), limit), ct);

    /// <summary>What the person keeps for later, the last kept first; all of it.</summary>
    public ValueTask<FoundMessages> SavedAsync(Caller caller, CancellationToken ct) => db.ReadAsync(async session =>
        new FoundMessages(await session.ListAsync(Saved, MessageStore.Read, ("@me", caller.UserId)), null), ct);

    static ValueTask<List<Message>> NamedAsync(Session session, long me, long named, long before, int limit) =>
        session.ListAsync(Mentions, MessageStore.Read, ("@me", me), ("@named", named), ("@before", before), ("@limit", limit + 1));

    // One more than asked for was read, to know whether there is more.
    static FoundMessages Page(List<Message> found, int limit) => found.Count <= limit
        ? new FoundMessages(found, null)
        : new FoundMessages(found[..limit], found[limit - 1].Id);
}
