using System.Globalization;
using System.Threading.Channels;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>All that somebody said becomes tombstones, room by room and a batch at a time, so that nobody waits long for a room.</summary>
/// <remarks>What is to be done is marked in the database until it is done: what a stop interrupts goes on at the next start, or at another
/// node that comes by. One node at a time does what is marked; two who do the same at once do no harm: a batch looks at its messages again
/// under the room's lock.</remarks>
internal sealed partial class RemoveMessages(
    Database db, RoomStore rooms, MembershipStore memberships, MessageStore messages, OwnMessageStore own, EditStore edits,
    MentionStore mentions, RemovalStore removals, AuditStore audit, Announcer live, TimeProvider clock, ILogger<RemoveMessages> log)
    : BackgroundService
{
    const int Together = 100;
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);
    static readonly TimeSpan s_look = TimeSpan.FromMinutes(5);

    readonly Channel<bool> _begun = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Marks it in the caller's unit of work; it is done soon after the commit, whatever happens.</summary>
    public async ValueTask BeginAsync(Transaction tx, long userId, long? actorId)
    {
        await removals.AddAsync(tx, userId, actorId, clock.GetStoredNow());
        tx.AfterCommit(() => _begun.Writer.TryWrite(true));
    }

    /// <summary>Removes what somebody said until now, and completes when it is done.</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="actorId">Whose act it is; null: the program's command line.</param>
    /// <param name="ct">Stops between two batches; the rest is done at the next start.</param>
    public async Task RunAsync(long userId, long? actorId, CancellationToken ct)
    {
        await db.WriteAsync(tx => removals.AddAsync(tx, userId, actorId, clock.GetStoredNow()), ct);
        if (await db.ReadAsync(session => removals.FindAsync(session, userId), ct) is { } removal) await CarryOutAsync(removal, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            while (!await TryCarryOutAsync(stoppingToken)) await Task.Delay(s_pause, clock, stoppingToken);
            await BegunAsync(stoppingToken);
        }
    }

    // Or a moment in which another node may have left something undone.
    async Task BegunAsync(CancellationToken ct)
    {
        using var look = new CancellationTokenSource(s_look, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, look.Token);
        try
        {
            await _begun.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { }
    }

    async Task<bool> TryCarryOutAsync(CancellationToken ct)
    {
        try
        {
            if ((await db.ReadAsync(removals.ListAsync, ct)).Count == 0) return true;
            return await db.OncePerClusterAsync("removals", CarryOutAllAsync, ct);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            RemovalFailed(cause);
            return false;
        }
    }

    async Task CarryOutAllAsync(CancellationToken ct)
    {
        foreach (var removal in await db.ReadAsync(removals.ListAsync, ct)) await CarryOutAsync(removal, ct);
    }

    async Task CarryOutAsync(Removal removal, CancellationToken ct)
    {
        // Whoever said something in a room was in it once.
        foreach (var member in await db.ReadAsync(session => memberships.OfAsync(session, removal.UserId), ct))
            for (var after = 0L; ;)
            {
                var places = await db.ReadAsync(
                    session => own.PlacesAsync(session, member.RoomId, removal.UserId, after, removal.At, Together), ct);
                if (places.Count == 0) break;
                await db.WriteAsync(tx => EmptyAsync(tx, removal.UserId, member.RoomId, places), ct);
                after = places[^1];
            }

        await db.WriteAsync(async tx =>
        {
            if (await removals.EndAsync(tx, removal) is not { } ended) return false;
            var count = ended.Removed.ToString(CultureInfo.InvariantCulture);
            await audit.AddAsync(
                tx, ended.ActorId, AuditAction.MessagesRemoved, ended.UserId, details: new Dictionary<string, string> { ["count"] = count });
            return true;
        }, ct);
    }

    async ValueTask<int> EmptyAsync(Transaction tx, long userId, long roomId, List<long> places)
    {
        if (await rooms.AdvanceAsync(tx, roomId, 0, 0) is null) return 0; // the room was deleted

        var texts = new List<Message>(places.Count);
        foreach (var seq in places)
            if (await messages.FindAsync(tx, roomId, seq) is { DeletedAt: null } text && text.AuthorId == userId) texts.Add(text);
        if (texts.Count == 0) return 0;

        var head = (await rooms.AdvanceAsync(tx, roomId, texts.Count, 0))!.LastRev;
        var now = clock.GetStoredNow();
        for (var i = 0; i < texts.Count; i++)
        {
            var change = new MessageChange(roomId, head - texts.Count + 1 + i, texts[i]);
            change = change with { Message = DeleteMessage.Emptied(texts[i] with { Rev = change.Rev }, now) };
            await edits.ForgetAsync(tx, roomId, texts[i].Seq);
            await mentions.ForgetAsync(tx, roomId, texts[i].Seq);
            await messages.SetAsync(tx, change.Message);
            tx.AfterCommit(() => live.Announce(Topics.Room(roomId), change));
        }
        return await removals.CountAsync(tx, userId, texts.Count);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages that are to be removed could not be; trying again")]
    partial void RemovalFailed(Exception cause);
}
