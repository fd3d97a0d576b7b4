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
    const string FindNamed = """
        SELECT id FROM users WHERE username = @name OR name_key = @key ORDER BY CASE WHEN username = @name THEN 0 ELSE 1 END LIMIT 1
        """;

    const string NamedManyPostgres = """
        SELECT n.name, u.id
        FROM unnest(@names::text[], @keys::text[]) AS n (name, key)
        CROSS JOIN LATERAL (
            SELECT id FROM users WHERE username = n.name OR name_key = n.key ORDER BY CASE WHEN username = n.name THEN 0 ELSE 1 END LIMIT 1
        ) AS u
        """;

    const string InsertManyPostgres = """
        INSERT INTO mentions (room_id, user_id, seq, message_id, author_id, kind)
        SELECT * FROM unnest(@rooms::bigint[], @users::bigint[], @seqs::bigint[], @messages::bigint[], @authors::bigint[], @kinds::text[])
        ON CONFLICT (room_id, user_id, seq) DO NOTHING
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

    /// <summary>Finds the people whom these texts may name, on PostgreSQL.</summary>
    public static void Named(Round round, IEnumerable<string> texts, Action<string, long> take)
    {
        var names = texts.SelectMany(MentionText.NamesIn).SelectMany(Readings).Distinct().ToArray();
        if (names.Length == 0) return;
        round.Add(
            NamedManyPostgres, row => take(row.GetString(0), row.GetInt64(1)),
            ("@names", names), ("@keys", Array.ConvertAll(names, UserName.KeyOf)));
    }

    /// <summary>As <see cref="NamedInAsync"/>, of what <see cref="Named"/> found.</summary>
    public static IReadOnlyList<long>? NamedIn(string text, IReadOnlyDictionary<string, long> found)
    {
        List<long>? ids = null;
        foreach (var name in MentionText.NamesIn(text))
        {
            foreach (var reading in Readings(name))
            {
                if ((UserName.KeyOf(reading) == MentionText.Everybody ? Everybody : IdOf(reading)) is not { } id) continue;
                if (ids?.Contains(id) != true) (ids ??= []).Add(id);
                break;
            }
        }
        return ids;

        long? IdOf(string name) => found.TryGetValue(name, out var id) ? id : null;
    }

    /// <summary>Keeps whom new messages mean, on PostgreSQL.</summary>
    public static void Add(Round round, IEnumerable<Message> messages)
    {
        var rows = messages.SelectMany(message => MeantBy(message).Select(it => (Message: message, it.UserId, it.Kind))).ToArray();
        if (rows.Length == 0) return;
        round.Add(
            InsertManyPostgres,
            ("@rooms", Array.ConvertAll(rows, static it => it.Message.RoomId)), ("@users", Array.ConvertAll(rows, static it => it.UserId)),
            ("@seqs", Array.ConvertAll(rows, static it => it.Message.Seq)), ("@messages", Array.ConvertAll(rows, static it => it.Message.Id)),
            ("@authors", Array.ConvertAll(rows, static it => it.Message.AuthorId)), ("@kinds", Array.ConvertAll(rows, static it => it.Kind)));
    }

    /// <summary>Keeps whom a message means: who is named, and whom it answers.</summary>
    /// <param name="tx">The unit in which the message gets this form.</param>
    /// <param name="message">The message in its new form.</param>
    public async ValueTask AddAsync(Transaction tx, Message message)
    {
        foreach (var (id, kind) in MeantBy(message)) await AddAsync(tx, message, id, kind);
    }

    public ValueTask<int> ForgetAsync(Transaction tx, long roomId, long seq) => tx.ExecuteAsync(Forget, ("@room", roomId), ("@seq", seq));

    static ValueTask<int> AddAsync(Transaction tx, Message message, long userId, string kind) => tx.ExecuteAsync(
        Insert, ("@room", message.RoomId), ("@user", userId), ("@seq", message.Seq), ("@message", message.Id),
        ("@author", message.AuthorId), ("@kind", kind));

    static IEnumerable<(long UserId, string Kind)> MeantBy(Message message)
    {
        foreach (var id in message.Mentions ?? []) yield return (id, id == Everybody ? "room" : "name");
        if (message.ReplyTo is { } to && to.AuthorId != message.AuthorId) yield return (to.AuthorId, "reply");
    }

    static async ValueTask<long?> FindAsync(Session session, string name)
    {
        foreach (var reading in Readings(name))
        {
            var key = UserName.KeyOf(reading);
            if (key == MentionText.Everybody) return Everybody;
            if (await session.ScalarAsync<long?>(FindNamed, ("@name", reading), ("@key", key)) is { } id) return id;
        }
        return null;
    }

    // A name may end in a full stop, and so may a sentence.
    static IEnumerable<string> Readings(string name)
    {
        for (var dots = 0; name.Length > 0 && dots <= MostDots; dots++, name = name[..^1])
        {
            yield return name;
            if (name[^1] is not ('.' or '-' or '_')) yield break;
        }
    }
}
