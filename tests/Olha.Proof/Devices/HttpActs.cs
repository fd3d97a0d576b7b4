using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What a device knows of a room, to choose from.</summary>
internal interface IKnowledge
{
    /// <summary>The texts that it knows of, the newest first.</summary>
    IReadOnlyList<Message> Texts(long roomId);

    /// <summary>The read mark that it knows; null: none.</summary>
    long? Mark(long roomId);

    void Learn(long roomId, Message message);
    void Learn(long roomId, MessagePage page);
    void Learn(Place place);
}

/// <summary>Everything that is done by one request and not asked again.</summary>
internal sealed class HttpActs(Device device, Api api, Stage stage, IKnowledge known)
{
    const int PageSize = 50;

    /// <summary>Does it. What it needs and does not know (a message, a mark) it lets be.</summary>
    public async Task DoAsync(Step step, CancellationToken ct)
    {
        var roomId = stage.Rooms[step.Room];
        var at = $"rooms/{roomId}";
        switch (step.Act)
        {
            case Act.Edit: await OnMessageAsync(step, roomId, own: true, HttpMethod.Patch, "", Json(new EditBody(step.Text)), ct); break;
            case Act.Delete: await OnMessageAsync(step, roomId, own: true, HttpMethod.Delete, "", null, ct); break;
            case Act.React: await OnMessageAsync(step, roomId, own: false, HttpMethod.Put, $"/reactions/{Uri.EscapeDataString(step.Text!)}", null, ct); break;
            case Act.Unreact: await OnMessageAsync(step, roomId, own: false, HttpMethod.Delete, $"/reactions/{Uri.EscapeDataString(step.Text!)}", null, ct); break;
            case Act.Pin: await OnMessageAsync(step, roomId, own: false, HttpMethod.Put, "/pin", null, ct); break;
            case Act.Unpin: await OnMessageAsync(step, roomId, own: false, HttpMethod.Delete, "/pin", null, ct); break;
            case Act.Read: await ReadAsync(step, roomId, ct); break;
            case Act.Join: await OnRoomAsync(step, HttpMethod.Post, $"{at}/join", null, ProtocolJson.Wire.Place, null, ct); break;
            case Act.Leave: await OnRoomAsync(step, HttpMethod.Post, $"{at}/leave", null, ProtocolJson.Wire.Place, null, ct); break;
            case Act.Invite or Act.Remove:
                var person = stage.Actors[step.Target].Id;
                var method = step.Act == Act.Invite ? HttpMethod.Put : HttpMethod.Delete;
                await OnRoomAsync(step, method, $"{at}/members/{person}", null, ProtocolJson.Wire.Member, person, ct);
                break;
            case Act.Topic:
                await OnRoomAsync(step, HttpMethod.Patch, at, Json(new RoomPatchBody(Topic: step.Text)), ProtocolJson.Wire.Room, null, ct);
                break;
            case Act.Page: await PageAsync(step, roomId, ct); break;
            default: throw new ArgumentOutOfRangeException(nameof(step), step.Act, "This is not done over HTTP.");
        }
    }

    async Task OnMessageAsync(Step step, long roomId, bool own, HttpMethod method, string what, string? body, CancellationToken ct)
    {
        // Somebody else's now and then: that is refused.
        var texts = known.Texts(roomId).Where(it => !own || it.AuthorId == device.Me.Id || it.Seq % 9 == 0).ToArray();
        if (step.Target >= texts.Length) return;
        var seq = texts[step.Target].Seq;
        var op = Ask(step, roomId, body is null ? null : step.Text, seq, null);
        var reply = await api.AskAsync(method, $"rooms/{roomId}/messages/{seq}{what}", body, ProtocolJson.Wire.Message, ct);
        Answer(op, reply);
        if (reply.Value is { } message) known.Learn(roomId, message);
    }

    async Task ReadAsync(Step step, long roomId, CancellationToken ct)
    {
        var texts = known.Texts(roomId);
        if (step.Target >= texts.Count || known.Mark(roomId) is not { } mark) return;
        var seq = texts[step.Target].Seq;
        var op = Ask(step, roomId, null, seq, null, replaces: mark);
        var reply = await api.AskAsync(
            HttpMethod.Put, $"rooms/{roomId}/read", Json(new ReadBody(seq, mark)), ProtocolJson.Wire.ReadState, ct);
        Answer(op, reply);
    }

    async Task OnRoomAsync<T>(
        Step step, HttpMethod method, string path, string? body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> form, long? userId,
        CancellationToken ct) where T : class
    {
        var op = Ask(step, stage.Rooms[step.Room], body is null ? null : step.Text, null, userId);
        var reply = await api.AskAsync(method, path, body, form, ct);
        Answer(op, reply);
        if (reply.Value is Place place) known.Learn(place);
    }

    async Task PageAsync(Step step, long roomId, CancellationToken ct)
    {
        var texts = known.Texts(roomId);
        // Now the newest page, now an older one.
        var before = step.Target % 3 == 0 && step.Target < texts.Count ? $"&before={texts[step.Target].Seq}" : "";
        var op = Ask(step, roomId, null, null, null);
        var began = stage.History.Now;
        var reply = await api.GetAsync($"rooms/{roomId}/messages?limit={PageSize}{before}", ProtocolJson.Wire.MessagePage, ct);
        if (reply.Value is { } page)
        {
            stage.History.Add(new Fetched(stage.History.Now, device.Number, began, roomId, page));
            known.Learn(roomId, page);
        }
        Answer(op, reply);
    }

    int Ask(Step step, long roomId, string? body, long? seq, long? userId, long? replaces = null)
    {
        var op = stage.History.NewOp();
        stage.History.Add(new Asked(stage.History.Now, device.Number, op, 0, step, roomId, null, body, seq, userId, replaces));
        return op;
    }

    void Answer<T>(int op, Reply<T> reply) where T : class =>
        stage.History.Add(new Answered(stage.History.Now, device.Number, op, reply.Outcome, reply.Code, Message: reply.Value as Message));

    static string Json(EditBody body) => JsonSerializer.Serialize(body, ProtocolJson.Wire.EditBody);
    static string Json(ReadBody body) => JsonSerializer.Serialize(body, ProtocolJson.Wire.ReadBody);
    static string Json(RoomPatchBody body) => JsonSerializer.Serialize(body, ProtocolJson.Wire.RoomPatchBody);
}
