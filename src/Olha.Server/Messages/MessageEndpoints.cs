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
        .AddSingleton<RoomReading>()
        .AddSingleton<TalkLimit>()
        .AddSingleton<PostMessage>();

    public static void MapMessages(this IEndpointRouteBuilder api)
    {
        var room = api.MapGroup("/rooms/{roomId:long}").RequireSession();

        room.MapGet("/messages", Page).WithSummary("A page of messages: the newest, or before, after or around one");
        room.MapPost("/messages", Post).WithSummary("Say something; the same cid again is the same message");
        room.MapGet("/messages/{seq:long}", One).WithSummary("One message");
        room.MapGet("/changes", Changes).WithSummary("What changed in a room after a revision");
    }

    static async Task<Results<Ok<MessagePage>, ProblemResult>> Page(
        Caller caller, long roomId, RoomReading reading, CancellationToken ct,
        long? before = null, long? after = null, long? around = null, int? limit = null)
    {
        if (!PageQuery.From(before, after, around, limit).TryGet(out var query, out var unsound)) return unsound.ToProblem();
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
}
