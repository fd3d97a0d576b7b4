using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>The HTTP door of what is a person's own: what means them, what they keep, what they have begun.</summary>
internal static class InboxEndpoints
{
    public static IServiceCollection AddInbox(this IServiceCollection services) => services
        .AddSingleton<SavedStore>()
        .AddSingleton<DraftStore>()
        .AddSingleton<PersonHistory>()
        .AddSingleton<Inbox>()
        .AddSingleton<SaveMessage>()
        .AddSingleton<KeepDraft>();

    public static void MapInbox(this IEndpointRouteBuilder api)
    {
        var mine = api.MapGroup("").RequireSession();
        mine.MapGet("/me/changes", Changes).WithSummary("What changed of your own: memberships, read marks, saved messages, drafts");
        mine.MapGet("/me/mentions", Mentions).WithSummary("Messages that mean you, the newest first");
        mine.MapGet("/me/replies", Replies).WithSummary("Answers to your messages, the newest first");
        mine.MapGet("/me/saved", Saved).WithSummary("Messages that you keep for later");
        mine.MapPut("/rooms/{roomId:long}/messages/{seq:long}/saved", Save).WithSummary("Keep a message for later");
        mine.MapDelete("/rooms/{roomId:long}/messages/{seq:long}/saved", LetGo).WithSummary("No longer keep a message");
        mine.MapPut("/rooms/{roomId:long}/draft", Begin).WithSummary("Keep what you have begun to write, for your other devices");
    }

    static async Task<Ok<StreamChanges>> Changes(Caller caller, Database db, PersonHistory history, CancellationToken ct, long after = 0) =>
        TypedResults.Ok(await db.ReadAsync(session => history.ChangesAsync(session, caller.UserId, after), ct));

    static Task<Results<Ok<FoundMessages>, ProblemResult>> Mentions(
        Caller caller, Inbox inbox, CancellationToken ct, long? before = null, int? limit = null) =>
        PageAsync(before, limit, (key, most) => inbox.MentionsAsync(caller, key, most, ct));

    static Task<Results<Ok<FoundMessages>, ProblemResult>> Replies(
        Caller caller, Inbox inbox, CancellationToken ct, long? before = null, int? limit = null) =>
        PageAsync(before, limit, (key, most) => inbox.RepliesAsync(caller, key, most, ct));

    static async Task<Ok<FoundMessages>> Saved(Caller caller, Inbox inbox, CancellationToken ct) =>
        TypedResults.Ok(await inbox.SavedAsync(caller, ct));

    static Task<Results<Ok<SavedMessage>, ProblemResult>> Save(Caller caller, long roomId, long seq, SaveMessage save, CancellationToken ct) =>
        KeepAsync(caller, roomId, seq, save, keep: true, ct);

    static Task<Results<Ok<SavedMessage>, ProblemResult>> LetGo(Caller caller, long roomId, long seq, SaveMessage save, CancellationToken ct) =>
        KeepAsync(caller, roomId, seq, save, keep: false, ct);

    static async Task<Results<Ok<RoomDraft>, ProblemResult>> Begin(
        Caller caller, long roomId, BegunBody body, KeepDraft keep, CancellationToken ct) =>
        (await keep.RunAsync(caller, roomId, body, ct)).TryGet(out var draft, out var refusal) ? TypedResults.Ok(draft) : refusal.ToProblem();

    static async Task<Results<Ok<SavedMessage>, ProblemResult>> KeepAsync(
        Caller caller, long roomId, long seq, SaveMessage save, bool keep, CancellationToken ct) =>
        (await save.RunAsync(caller, roomId, seq, keep, ct)).TryGet(out var saved, out var refusal) ? TypedResults.Ok(saved) : refusal.ToProblem();

    static async Task<Results<Ok<FoundMessages>, ProblemResult>> PageAsync(
        long? before, int? limit, Func<long, int, ValueTask<FoundMessages>> read)
    {
        if (before < 1 || limit is < 1 or > Inbox.MaxLimit) return Refusal.InvalidField.ToProblem();
        return TypedResults.Ok(await read(before ?? long.MaxValue, limit ?? Inbox.DefaultLimit));
    }
}
