using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>All SQL that touches <c>mentions</c>: whom a message means.</summary>
/// <remarks>Read by hand and kept prepared: a post that names somebody is a post.</remarks>
internal sealed class MentionStore
{
    /// <summary>Stands for everybody in the room.</summary>
    public const long Everybody = 0;

    /// <summary>Signs at a name's end that may belong to the sentence.</summary>
    const int MostDots = 3;

    // As at sign-in: an adopted "Alice" beside "alice" is named by her own name.
    const string Named = """
        SELECT id FROM users WHERE username = @name OR name_key = @key ORDER BY CASE WHEN username = @name THEN 0 ELSE 1 END LIMIT 1
        """;

    const string Insert = """
        INSERT INTO mentions (room_id, user_id, seq, message_id, author_id, kind)
        VALUES (@room, @user, @seq, @message, @author, @kind)
        ON CONFLICT (room_id, user_id, seq) DO NOTHING
        """;

    // The index mentions_of.
    const string Forget = "DELETE FROM mentions WHERE room_id = @room AND seq = @seq";

    /// <summary>The people whom a text names, and <see cref="Everybody"/>; null: nobody.</summary>
    public async ValueTask<IReadOnlyList<long>?> NamedInAsync(Session session, string text)
    {
        List<long>? ids = null;
        foreach (var name in MentionText.NamesIn(text))
            if (await FindAsync(session, name) is { } id && ids?.Contains(id) != true) (ids ??= []).Add(id);
        return ids;
    }

    /// <summary>Keeps whom a message means: who is named, and whom it answers.</summary>
    /// <param name="tx">The unit in which the message gets this form.</param>
    /// <param name="message">The message in its new form.</param>
    public async ValueTask AddAsync(Transaction tx, Message message)
    {
        foreach (var id in message.Mentions ?? []) await AddAsync(tx, message, id, id == Everybody ? "room" : "name");
        if (message.ReplyTo is { } to && to.AuthorId != message.AuthorId) await AddAsync(tx, message, to.AuthorId, "reply");
    }

    public ValueTask<int> ForgetAsync(Transaction tx, long roomId, long seq) => tx.ExecuteAsync(Forget, ("@room", roomId), ("@seq", seq));

    static ValueTask<int> AddAsync(Transaction tx, Message message, long userId, string kind) => tx.ExecuteAsync(
        Insert, ("@room", message.RoomId), ("@user", userId), ("@seq", message.Seq), ("@message", message.Id),
        ("@author", message.AuthorId), ("@kind", kind));

    // A name may end in a full stop, and so may a sentence.
    static async ValueTask<long?> FindAsync(Session session, string name)
    {
        for (var dots = 0; name.Length > 0 && dots <= MostDots; dots++, name = name[..^1])
        {
            var key = UserName.KeyOf(name);
            if (key == MentionText.Everybody) return Everybody;
            if (await session.ScalarAsync<long?>(Named, ("@name", name), ("@key", key)) is { } id) return id;
            if (name[^1] is not ('.' or '-' or '_')) return null;
        }
        return null;
    }
}
