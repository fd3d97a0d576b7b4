using System.Data.Common;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Export;

/// <summary>A message, and what is shown of the one that it answers.</summary>
/// <param name="Message">Its present form; a deleted one has no body.</param>
/// <param name="Answered">The beginning of the answered message's text; null: it answers none, or one that was deleted or is gone.</param>
internal sealed record ExportedMessage(Message Message, string? Answered);

/// <summary>What an export reads, all in one snapshot.</summary>
internal sealed class ExportStore(Session session)
{
    const string ServerName = "SELECT name FROM server WHERE id = 1";

    const string People = """
        SELECT id, username, display_name, color, role, rev, status, state, pronouns, time_zone FROM users WHERE id > @after ORDER BY id LIMIT @limit
        """;

    const string Rooms = """
        SELECT id, kind, name, topic, creator_id, direct_key, is_general, created_at, archived_at, first_seq, last_seq, rev, last_rev, slow_mode,
            locked, retention_days
        FROM rooms WHERE deleted_at IS NULL ORDER BY id
        """;

    const string Members = """
        SELECT user_id, since, rev, moderator FROM memberships
        WHERE room_id = @room AND joined = 1 AND user_id > @after ORDER BY user_id LIMIT @limit
        """;

    // Along the unique index (room_id, seq), which also finds what is answered. A tombstone has no body; were one left behind, it would
    // not be read.
    const string Messages = """
        SELECT m.id, m.room_id, m.seq, m.rev, m.author_id, m.cid, m.kind, CASE WHEN m.deleted_at IS NULL THEN m.body END, m.created_at, m.edited_at,
            m.deleted_at, m.reply_to_seq, m.reply_to_author_id, m.mentions, m.reactions, m.pinned_at, m.pinned_by,
            CASE WHEN p.deleted_at IS NULL AND p.kind = 'text' THEN substr(p.body, 1, 200) END
        FROM messages m LEFT JOIN messages p ON p.room_id = m.room_id AND p.seq = m.reply_to_seq
        WHERE m.room_id = @room AND m.seq > @after ORDER BY m.seq LIMIT @limit
        """;

    const int AtOnce = 500;

    public async ValueTask<string> ServerNameAsync() => await session.ScalarAsync<string>(ServerName) ?? "";

    public ValueTask<List<RoomRow>> RoomsAsync() => session.ListAsync(Rooms, static row => RoomRow.Read(row, 0));

    public IAsyncEnumerable<Person> PeopleAsync() => PagesAsync(
        after => session.ListAsync(People, PeopleDirectory.Read, ("@after", after), ("@limit", AtOnce)), static person => person.Id);

    public IAsyncEnumerable<Member> MembersAsync(long roomId) => PagesAsync(
        after => session.ListAsync(Members, row => ReadMember(row, roomId), ("@room", roomId), ("@after", after), ("@limit", AtOnce)), static member => member.UserId);

    public IAsyncEnumerable<ExportedMessage> MessagesAsync(long roomId) => PagesAsync(
        after => session.ListAsync(Messages, ReadMessage, ("@room", roomId), ("@after", after), ("@limit", AtOnce)), static it => it.Message.Seq);

    static async IAsyncEnumerable<T> PagesAsync<T>(Func<long, ValueTask<List<T>>> page, Func<T, long> key)
    {
        for (var after = 0L; await page(after) is { Count: > 0 } read; after = key(read[^1]))
            foreach (var thing in read) yield return thing;
    }

    static Member ReadMember(DbDataReader row, long roomId) => new(
        roomId, row.GetInt64(0), true, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetInt64(2), row.GetInt64(3) == 1 ? true : null);

    static ExportedMessage ReadMessage(DbDataReader row) => new(MessageStore.Read(row), row.IsDBNull(17) ? null : row.GetString(17));
}
