using Olha.Protocol;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Stores posts together, on PostgreSQL: one transaction of two round trips for all of them, after which they are announced.</summary>
/// <remarks>
/// Hot path: once a batch. The first round trip locks the rooms by id and reads what must be known, the second one writes and commits.
/// Each post gets the answer that it would get alone: the rules are those of <see cref="PostMessage"/>.
/// </remarks>
internal sealed class StorePosts(Database db, Announcer live, PostTimes times, TimeProvider clock)
{
    /// <summary>How often a batch is asked for whose commit got no answer.</summary>
    const int MostAsked = 3;

    long _stored;

    /// <summary>Posts that were stored since the start.</summary>
    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Gives each post its answer; throws nothing.</summary>
    public async Task RunAsync(IReadOnlyList<QueuedPost> posts)
    {
        if (posts.Count == 0) return;
        try
        {
            await StoreAsync(posts);
        }
        catch (Exception cause) when (posts.Count > 1 && cause is not DatabaseUnavailableException)
        {
            // One that can't be stored must not take the others with it.
            foreach (var post in posts) await RunAsync([post]);
        }
        catch (Exception cause)
        {
            foreach (var post in posts) post.Fail(cause);
        }
    }

    // The connection was lost during the commit: asked again, every cid says whether it happened. The rooms' locks wait for the end of
    // the commit that was under way.
    async ValueTask StoreAsync(IReadOnlyList<QueuedPost> posts)
    {
        DatabaseUnavailableException? lost = null;
        for (var asked = 1; ; asked++)
        {
            try
            {
                await db.WriteAsync(tx => StoreAsync(tx, posts), CancellationToken.None);
                return;
            }
            catch (DatabaseUnavailableException cause) when (cause.OutcomeUnknown && asked < MostAsked)
            {
                lost = cause;
            }
            catch (DatabaseUnavailableException cause) when (lost is not null)
            {
                throw new DatabaseUnavailableException(cause.Message, outcomeUnknown: true, cause);
            }
        }
    }

    async ValueTask<int> StoreAsync(Transaction tx, IReadOnlyList<QueuedPost> posts)
    {
        var batch = times.Begin(posts);
        var read = await PostsRead.ReadAsync(tx, posts);
        batch?.Read();
        // The database keeps milliseconds: what is announced now is what will be read later.
        var now = clock.GetStoredNow();
        List<QueuedPost> placed = [], told = [];
        foreach (var post in posts)
        {
            var (outcome, isNew) = AnswerTo(post, read, now);
            post.Settle(outcome);
            if (isNew is null) continue;
            told.Add(post);
            if (isNew is true) placed.Add(post);
        }

        if (placed.Count > 0) tx.CommitWith(Write(placed, read, now), placed.Count);
        if (told.Count == 0) tx.Rollback();
        batch?.Decided();
        tx.AfterCommit(() =>
        {
            batch?.Committed();
            Interlocked.Add(ref _stored, told.Count);
            foreach (var post in told) Announce(post);
            batch?.Announced();
        });
        return placed.Count;
    }

    /// <summary>New: true, placed here; false, placed by an earlier try whose commit was not answered; null: nothing to tell the others.</summary>
    static (Outcome<Ack> Outcome, bool? IsNew) AnswerTo(QueuedPost post, PostsRead read, DateTimeOffset now)
    {
        if (read.FirstOf(post) is { } first)
        {
            if (first.Id == post.Given?.Id) return (AckOf(post.Given), false);
            return first.RoomId == post.RoomId && first.BodyHash.AsSpan().SequenceEqual(post.Draft.BodyHash)
                ? (new Ack(post.Draft.Cid, post.RoomId, first.Id, first.Seq, first.CreatedAt, Duplicate: true), null)
                : (Refusal.Conflict, null);
        }
        if (read.StandingOf(post).WhyNotPost(now) is { } refusal) return (refusal, null);
        if (post.Draft.ReplyToSeq is not null && read.AnsweredBy(post) is null) return (Refusal.InvalidReply, null);

        post.Given = read.Place(post, now);
        return (AckOf(post.Given), true);
    }

    static Round Write(List<QueuedPost> placed, PostsRead read, DateTimeOffset now)
    {
        var round = new Round();
        PostBatchStore.Insert(round, placed, now);
        var rooms = placed.Select(static it => it.RoomId).Distinct().Select(read.RoomOf).ToArray();
        RoomStore.SetManyHeads(
            round, Array.ConvertAll(rooms, static it => it.Id), Array.ConvertAll(rooms, static it => it.LastSeq),
            Array.ConvertAll(rooms, static it => it.LastRev));

        MentionStore.Add(round, placed.Select(static it => it.Given!));
        var slow = placed.Where(it => read.RoomOf(it.RoomId).SlowMode > 0).Select(static it => (it.RoomId, it.UserId)).Distinct().ToArray();
        if (slow.Length > 0)
            MembershipStore.SetManyPosted(
                round, Array.ConvertAll(slow, static it => it.RoomId), Array.ConvertAll(slow, static it => it.UserId), now);
        return round;
    }

    void Announce(QueuedPost post)
    {
        var message = post.Given!;
        var (topic, change) = (Topics.Room(post.RoomId), new MessageChange(post.RoomId, message.Rev, message));
        if (post.Author is null) live.Announce(topic, change);
        else live.Announce(topic, change, post.Author, AckOf(message));
    }

    static Ack AckOf(Message message) => new(message.Cid!, message.RoomId, message.Id, message.Seq, message.CreatedAt, Duplicate: false);
}
