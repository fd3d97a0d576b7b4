using Olha.Protocol;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>What has to be known to store posts together: read in one round trip, which begins with the rooms' locks, so that it stays
/// true until the commit.</summary>
internal sealed class PostsRead
{
    readonly Dictionary<long, RoomRow> _rooms = [];
    readonly Dictionary<(long UserId, long RoomId), Standing> _standings = [];
    readonly Dictionary<(long AuthorId, string Cid), FirstPost> _firsts = [];
    readonly Dictionary<(long RoomId, long Seq), long> _authors = [];
    readonly Dictionary<string, long> _named = [];
    readonly Queue<long> _ids = new();

    public static async ValueTask<PostsRead> ReadAsync(Transaction tx, IReadOnlyList<QueuedPost> posts)
    {
        var read = new PostsRead();
        var round = new Round();
        // Names are given for ever: they need no lock.
        MentionStore.Named(round, posts.Select(static it => it.Draft.Body), (name, id) => read._named[name] = id);
        RoomStore.Lock(round, [.. posts.Select(static it => it.RoomId).Distinct().Order()], room => read._rooms[room.Id] = room);

        var places = posts.Select(static it => (it.UserId, it.RoomId)).Distinct().ToArray();
        StandingStore.FindMany(
            round, Array.ConvertAll(places, static it => it.UserId), Array.ConvertAll(places, static it => it.RoomId),
            roomId => read._rooms.GetValueOrDefault(roomId), (place, standing) => read._standings[place] = standing);
        PostBatchStore.Firsts(round, posts, (key, first) => read._firsts[key] = first);
        if (posts.Where(static it => it.Draft.ReplyToSeq is not null).ToList() is { Count: > 0 } replies)
            PostBatchStore.Authors(round, replies, (place, author) => read._authors[place] = author);
        PostBatchStore.NextIds(round, posts.Count, read._ids.Enqueue);
        await tx.RunAsync(round);
        return read;
    }

    /// <summary>The post's first try; null: this is it.</summary>
    public FirstPost? FirstOf(QueuedPost post) => _firsts.GetValueOrDefault((post.UserId, post.Draft.Cid));

    public Standing StandingOf(QueuedPost post) =>
        _standings.TryGetValue((post.UserId, post.RoomId), out var standing) ? standing : StandingStore.Nobody(post.UserId);

    /// <summary>The message that the post answers; null: it answers none, or none that exists.</summary>
    public ReplyTo? AnsweredBy(QueuedPost post) =>
        post.Draft.ReplyToSeq is { } seq && _authors.TryGetValue((post.RoomId, seq), out var author) ? new ReplyTo(seq, author) : null;

    /// <summary>The people whom the post names; null: nobody.</summary>
    public IReadOnlyList<long>? NamedIn(QueuedPost post) => MentionStore.NamedIn(post.Draft.Body, _named);

    /// <summary>Takes the next place of the post's room for it.</summary>
    public Message Place(QueuedPost post, DateTimeOffset now)
    {
        var room = _rooms[post.RoomId];
        _rooms[post.RoomId] = room = room with { LastSeq = room.LastSeq + 1, LastRev = room.LastRev + 1 };
        var message = new Message(
            _ids.Dequeue(), room.Id, room.LastSeq, room.LastRev, post.UserId, post.Draft.Cid, MessageKind.Text, post.Draft.Body, null, now,
            null, null, AnsweredBy(post), NamedIn(post));

        // Those behind it in the batch find it as they would in the database.
        _firsts[(post.UserId, post.Draft.Cid)] = new FirstPost(message.Id, room.Id, message.Seq, now, post.Draft.BodyHash);
        _authors[(room.Id, message.Seq)] = post.UserId;
        if (room.SlowMode > 0) _standings[(post.UserId, room.Id)] = StandingOf(post) with { PostedAt = now };
        return message;
    }

    /// <summary>The room with the heads that it has by now.</summary>
    public RoomRow RoomOf(long roomId) => _rooms[roomId];
}
