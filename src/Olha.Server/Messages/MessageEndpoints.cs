using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Rooms;

namespace Olha.Server.Messages;

/// <summary>The HTTP door of a room's messages.</summary>
internal static class MessageEndpoints
{
    public static IServiceCollection AddMessages(this IServiceCollection services) => services
        .AddSingleton<RoomChangeStore>()
        .AddSingleton<MessageStore>()
        .AddSingleton<SystemLines>()
        .AddSingleton<RoomHistory>()
        .AddSingleton<SharedRanges>()
        .AddSingleton<RoomReading>()
        .AddSingleton<MentionStore>()
        .AddSingleton<EditStore>()
        .AddSingleton<TalkLimit>()
        .AddSingleton<PostTimes>()
        .AddSingleton<StorePosts>()
        .AddSingleton<PostQueue>()
        .AddSingleton<PostMessage>()
        .AddSingleton<MessageRevision>()
        .AddSingleton<EditMessage>()
        .AddSingleton<DeleteMessage>()
        .AddSingleton<OwnMessageStore>()
        .AddSingleton<RemovalStore>()
        .AddSingleton<RemoveMessages>().AddHostedService(it => it.GetRequiredService<RemoveMessages>())
        .AddSingleton<ReactToMessage>()
        .AddSingleton<PinMessage>()
        .AddSingleton<PurgeStore>()
        .AddSingleton<PurgeRoom>()
        .AddSingleton<Retention>().AddHostedService(it => it.GetRequiredService<Retention>());

    public static void MapMessages(this IEndpointRouteBuilder api)
    {
        var room = api.MapGroup("/rooms/{roomId:long}").RequireSession();

        room.MapGet("/messages", Page).WithSummary("A page of messages: the newest, or before, after or around one, or from a time on");
        room.MapPost("/messages", Post).WithSummary("Say something; the same cid again is the same message");
        room.MapGet("/messages/{seq:long}", One).WithSummary("One message");
        room.MapPatch("/messages/{seq:long}", Edit).WithSummary("Put your message into other words");
        room.MapDelete("/messages/{seq:long}", Delete).WithSummary("Delete a message: its place stays, empty");
        room.MapGet("/messages/{seq:long}/edits", Edits).WithSummary("A message's earlier words");
        room.MapGet("/messages/{seq:long}/seen", Seen).WithSummary("Who has seen a message, where the server tells");
        room.MapPut("/messages/{seq:long}/reactions/{emoji}", React).WithSummary("Put an emoji under a message");
        room.MapDelete("/messages/{seq:long}/reactions/{emoji}", Unreact).WithSummary("Take your emoji away");
        room.MapPut("/messages/{seq:long}/pin", Pin).WithSummary("Pin a message for everybody in the room");
        room.MapDelete("/messages/{seq:long}/pin", Unpin).WithSummary("Take a pinned message down");
        room.MapGet("/pins", Pins).WithSummary("A room's pinned messages");
        room.MapGet("/changes", Changes).WithSummary("What changed in a room after a revision");
    }

    static async Task<Results<Ok<MessagePage>, ProblemResult>> Page(
        Caller caller, long roomId, RoomReading reading, CancellationToken ct,
        long? before = null, long? after = null, long? around = null, DateTimeOffset? at = null, int? limit = null)
    {
        if (!PageQuery.From(before, after, around, at, limit).TryGet(out var query, out var unsound)) return unsound.ToProblem();
        return (await reading.PageAsync(caller, roomId, query, ct)).TryGet(out var page, out var refusal)
            ? TypedResults.Ok(page)
            : refusal.ToProblem();
    }

    static async Task<Results<Ok<Message>, ProblemResult>> One(
        Caller caller, long roomId, long seq, RoomReading reading, CancellationToken ct) =>
        (await reading.OneAsync(caller, roomId, seq, ct)).TryGet(out var message, out var refusal)
            ? TypedResults.Ok(message)
            : refusal.ToProblem();

    static async Task<Results<Ok<RoomChanges>, ProblemResult>> Changes(
        Caller caller, long roomId, RoomReading reading, CancellationToken ct, long after = 0, int limit = RoomHistory.MaxChanges)
    {
        if (after < 0 || limit is < 1 or > RoomHistory.MaxChanges) return Refusal.InvalidField.ToProblem();
        return (await reading.ChangesAsync(caller, roomId, after, limit, ct)).TryGet(out var changes, out var refusal)
            ? TypedResults.Ok(changes)
            : refusal.ToProblem();
    }

    static async Task<Results<Created<Ack>, Ok<Ack>, ProblemResult>> Post(
        Caller caller, long roomId, DraftBody body, PostMessage post, CancellationToken ct)
    {
        var outcome = await post.RunAsync(caller, roomId, body, lane: null, author: null, ct);
        if (!outcome.TryGet(out var ack, out var refusal)) return refusal.ToProblem();
        return ack.Duplicate ? TypedResults.Ok(ack) : TypedResults.Created($"/api/v1/rooms/{roomId}/messages/{ack.Seq}", ack);
    }

    static async Task<Results<Ok<Message>, ProblemResult>> Edit(
        Caller caller, long roomId, long seq, EditBody body, EditMessage edit, CancellationToken ct) =>
        Answer(await edit.RunAsync(caller, roomId, seq, body, ct));

    static async Task<Results<Ok<Message>, ProblemResult>> Delete(
        Caller caller, long roomId, long seq, DeleteMessage delete, CancellationToken ct) =>
        Answer(await delete.RunAsync(caller, roomId, seq, ct));

    static async Task<Results<Ok<FormerBodies>, ProblemResult>> Edits(
        Caller caller, long roomId, long seq, RoomReading reading, CancellationToken ct) =>
        (await reading.FormerBodiesAsync(caller, roomId, seq, ct)).TryGet(out var former, out var refusal)
            ? TypedResults.Ok(former)
            : refusal.ToProblem();

    static async Task<Results<Ok<SeenBy>, ProblemResult>> Seen(
        Caller caller, long roomId, long seq, RoomReading reading, CancellationToken ct) =>
        (await reading.SeenByAsync(caller, roomId, seq, ct)).TryGet(out var seen, out var refusal) ? TypedResults.Ok(seen) : refusal.ToProblem();

    static async Task<Results<Ok<Message>, ProblemResult>> React(
        Caller caller, long roomId, long seq, string emoji, ReactToMessage react, CancellationToken ct) =>
        Answer(await react.RunAsync(caller, roomId, seq, emoji, present: true, ct));

    static async Task<Results<Ok<Message>, ProblemResult>> Unreact(
        Caller caller, long roomId, long seq, string emoji, ReactToMessage react, CancellationToken ct) =>
        Answer(await react.RunAsync(caller, roomId, seq, emoji, present: false, ct));

    static async Task<Results<Ok<Message>, ProblemResult>> Pin(Caller caller, long roomId, long seq, PinMessage pin, CancellationToken ct) =>
        Answer(await pin.RunAsync(caller, roomId, seq, pinned: true, ct));

    static async Task<Results<Ok<Message>, ProblemResult>> Unpin(Caller caller, long roomId, long seq, PinMessage pin, CancellationToken ct) =>
        Answer(await pin.RunAsync(caller, roomId, seq, pinned: false, ct));

    static async Task<Results<Ok<PinnedMessages>, ProblemResult>> Pins(Caller caller, long roomId, RoomReading reading, CancellationToken ct) =>
        (await reading.PinnedAsync(caller, roomId, ct)).TryGet(out var pinned, out var refusal) ? TypedResults.Ok(pinned) : refusal.ToProblem();

    static Results<Ok<Message>, ProblemResult> Answer(Outcome<Message> outcome) =>
        outcome.TryGet(out var message, out var refusal) ? TypedResults.Ok(message) : refusal.ToProblem();
}
