using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>Everything that the server has of a person, as one JSON document.</summary>
/// <remarks>Written as it is read, a page at a time, so that years of messages need no more memory than a day's. Each page is a snapshot of
/// its own: what changes meanwhile is in it or not. Of rooms that were left it only tells that one was there, and what one said in them.
/// One at a time a person, because it reads much.</remarks>
internal sealed class ExportOwn(
    Database db, AccountStore accounts, PeopleDirectory people, Sessions sessions, TokenStore tokens, RoomStore rooms, PlaceStore places,
    MembershipStore memberships, OwnMessageStore own, EditStore edits, SavedStore saved, DraftStore drafts, TimeProvider clock)
{
    const int Texts = 200;
    const int PlacesAtOnce = 2000;
    const int Reports = 500;

    const string Reported = """
        SELECT id, room_id, seq, reason, at, resolved_at FROM reports WHERE reporter_id = @user AND id > @after ORDER BY id LIMIT @limit
        """;

    readonly ConcurrentDictionary<long, bool> _underWay = new();

    /// <summary>False while another one of the same person is being written.</summary>
    public bool TryEnter(long userId) => _underWay.TryAdd(userId, true);

    public void Leave(long userId) => _underWay.TryRemove(userId, out _);

    public async Task WriteAsync(Caller caller, PipeWriter to, CancellationToken ct)
    {
        await using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("exportedAt"u8, clock.GetStoredNow().UtcDateTime);
        await WriteProfileAsync(json, caller, ct);
        var memberOf = await db.ReadAsync(session => memberships.OfAsync(session, caller.UserId), ct);
        await WriteRoomsAsync(json, caller, memberOf, ct);
        await WriteOwnThingsAsync(json, caller, ct);

        json.WriteStartArray("messages"u8);
        foreach (var member in memberOf) await WriteTextsAsync(json, to, member, ct);
        json.WriteEndArray();
        json.WriteStartArray("reactions"u8);
        foreach (var member in memberOf) await WriteReactionsAsync(json, to, member, ct);
        json.WriteEndArray();
        json.WriteStartArray("reports"u8);
        await WriteReportsAsync(json, to, caller.UserId, ct);
        json.WriteEndArray();
        json.WriteEndObject();
        await FlushAsync(json, to, ct);
    }

    async Task WriteProfileAsync(Utf8JsonWriter json, Caller caller, CancellationToken ct)
    {
        var (me, createdAt, lastSeenAt) = await db.ReadAsync(async session => (
            (await people.FindAsync(session, caller.UserId))!,
            await accounts.CreatedAtAsync(session, caller.UserId),
            await accounts.LastSeenAsync(session, caller.UserId)), ct);
        Write(json, "profile", me, ProtocolJson.Wire.Person);
        json.WriteString("createdAt"u8, createdAt.UtcDateTime);
        if (lastSeenAt is { } at) json.WriteString("lastSeenAt"u8, at.UtcDateTime);
        Write(json, "sessions", (await db.ReadAsync(session => sessions.ListAsync(session, caller), ct)).Sessions, ProtocolJson.Wire.IReadOnlyListSessionInfo);
        var list = await db.ReadAsync(session => tokens.ListAsync(session, caller.UserId, clock.GetUtcNow()), ct);
        Write(json, "tokens", list, ProtocolJson.Wire.IReadOnlyListAccessTokenInfo);
    }

    async Task WriteRoomsAsync(Utf8JsonWriter json, Caller caller, List<Member> memberOf, CancellationToken ct)
    {
        var present = (await db.ReadAsync(session => places.ListAsync(session, caller.UserId), ct)).ToDictionary(place => place.RoomId);
        json.WriteStartArray("rooms"u8);
        foreach (var member in memberOf)
        {
            json.WriteStartObject();
            Write(json, "membership", member, ProtocolJson.Wire.Member);
            if (present.TryGetValue(member.RoomId, out var place)) Write(json, "place", place, ProtocolJson.Wire.Place);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    async Task WriteOwnThingsAsync(Utf8JsonWriter json, Caller caller, CancellationToken ct)
    {
        var kept = await db.ReadAsync(session => saved.EverythingAsync(session, caller.UserId), ct);
        Write(json, "saved", kept, ProtocolJson.Wire.IReadOnlyListSavedMessage);
        var begun = await db.ReadAsync(session => drafts.EverythingAsync(session, caller.UserId), ct);
        Write(json, "drafts", begun, ProtocolJson.Wire.IReadOnlyListRoomDraft);
    }

    async Task WriteTextsAsync(Utf8JsonWriter json, PipeWriter to, Member member, CancellationToken ct)
    {
        for (var after = 0L; ;)
        {
            var page = await db.ReadAsync(async session =>
            {
                var texts = new List<(Message Message, List<FormerBody>? Former)>();
                foreach (var text in await own.TextsAsync(session, member.RoomId, member.UserId, after, Texts))
                    texts.Add((text, text.EditedAt is null ? null : await edits.ListAsync(session, text.RoomId, text.Seq)));
                return texts;
            }, ct);
            if (page.Count == 0) return;
            foreach (var (message, former) in page)
            {
                json.WriteStartObject();
                Write(json, "message", message, ProtocolJson.Wire.Message);
                if (former is not null) Write(json, "formerBodies", former, ProtocolJson.Wire.IReadOnlyListFormerBody);
                json.WriteEndObject();
            }
            after = page[^1].Message.Seq;
            await FlushAsync(json, to, ct);
        }
    }

    async Task WriteReactionsAsync(Utf8JsonWriter json, PipeWriter to, Member member, CancellationToken ct)
    {
        var last = (await db.ReadAsync(session => new ValueTask<RoomRow?>(rooms.FindAsync(session, member.RoomId)), ct))?.LastSeq ?? 0;
        for (var after = 0L; after < last; after += PlacesAtOnce)
        {
            var from = after;
            var found = await db.ReadAsync(
                session => own.ReactionsAsync(session, member.RoomId, member.UserId, from, from + PlacesAtOnce), ct);
            foreach (var (seq, emoji) in found)
            {
                json.WriteStartObject();
                json.WriteNumber("roomId"u8, member.RoomId);
                json.WriteNumber("seq"u8, seq);
                json.WriteString("emoji"u8, emoji);
                json.WriteEndObject();
            }
            if (found.Count > 0) await FlushAsync(json, to, ct);
        }
    }

    async Task WriteReportsAsync(Utf8JsonWriter json, PipeWriter to, long userId, CancellationToken ct)
    {
        for (var after = 0L; ;)
        {
            var page = await db.ReadAsync(session => session.ListAsync(
                Reported, static row => (
                    Id: row.GetInt64(0), RoomId: row.GetInt64(1), Seq: row.GetInt64(2), Reason: row.IsDBNull(3) ? null : row.GetString(3),
                    At: row.GetInt64(4), ResolvedAt: row.IsDBNull(5) ? (long?)null : row.GetInt64(5)),
                ("@user", userId), ("@after", after), ("@limit", Reports)), ct);
            if (page.Count == 0) return;
            foreach (var report in page)
            {
                json.WriteStartObject();
                json.WriteNumber("roomId"u8, report.RoomId);
                json.WriteNumber("seq"u8, report.Seq);
                if (report.Reason is { } reason) json.WriteString("reason"u8, reason);
                json.WriteString("at"u8, DateTimeOffset.FromUnixTimeMilliseconds(report.At).UtcDateTime);
                if (report.ResolvedAt is { } resolved) json.WriteString("resolvedAt"u8, DateTimeOffset.FromUnixTimeMilliseconds(resolved).UtcDateTime);
                json.WriteEndObject();
            }
            after = page[^1].Id;
            await FlushAsync(json, to, ct);
        }
    }

    static void Write<T>(Utf8JsonWriter json, string name, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> form)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value, form);
    }

    // The reader's pace is ours.
    static async Task FlushAsync(Utf8JsonWriter json, PipeWriter to, CancellationToken ct)
    {
        await json.FlushAsync(ct);
        await to.FlushAsync(ct);
    }
}
