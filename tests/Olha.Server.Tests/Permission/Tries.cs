using System.Net.WebSockets;
using Olha.Protocol;

namespace Olha.Server.Tests.Permission;

/// <summary>How each route and each frame is tried: with input that is sound, so that only permission is in question.</summary>
internal static class Tries
{
    /// <summary>Bodies by route; what stands in braces is filled in. A route that takes no body is not listed.</summary>
    static readonly Dictionary<string, string> s_bodies = new()
    {
        ["POST /api/users"] = """{"username":"{new}","password":"correct horse"}""",
        ["POST /api/users/login"] = """{"username":"{other}","password":"correct horse"}""",
        ["POST /api/v1/users"] = """{"username":"{new}","password":"correct horse","bearer":true}""",
        ["POST /api/v1/sessions"] = """{"username":"{other}","password":"correct horse","bearer":true}""",
        ["POST /api/v1/links/look"] = """{"token":"{link}"}""",
        ["POST /api/v1/links/use"] = """{"token":"{link}","bearer":true}""",
        ["POST /api/v1/invitations/look"] = """{"token":"{invitation}"}""",
        ["POST /api/v1/invitations/accept"] = """{"token":"{invitation}"}""",
        ["POST /api/v1/invitations"] = """{"role":"member"}""",
        ["PATCH /api/v1/me"] = """{"displayName":"{new}"}""",
        ["DELETE /api/v1/me"] = """{"password":"correct horse"}""",
        ["PUT /api/v1/me/password"] = """{"current":"correct horse","password":"another horse"}""",
        ["POST /api/v1/me/tokens"] = """{"name":"bot","scopes":["read"]}""",
        ["PATCH /api/v1/settings"] = """{"name":"{new}"}""",
        ["POST /api/v1/rooms"] = """{"kind":"closed","name":"{new}"}""",
        ["POST /api/v1/rooms/direct"] = """{"userIds":[{otherId}]}""",
        ["PATCH /api/v1/rooms/{roomId}"] = """{"topic":"{new}","locked":false}""",
        ["PUT /api/v1/rooms/{roomId}/read"] = """{"mark":0,"replaces":{mark}}""",
        ["PUT /api/v1/rooms/{roomId}/level"] = """{"level":"nothing"}""",
        ["PUT /api/v1/rooms/{roomId}/draft"] = """{"body":"begun"}""",
        ["POST /api/v1/rooms/{roomId}/messages"] = """{"cid":"{new}","body":"said"}""",
        ["PATCH /api/v1/rooms/{roomId}/messages/{seq}"] = """{"body":"other words"}""",
        ["POST /api/v1/rooms/{roomId}/messages/{seq}/report"] = """{"reason":"spam"}""",
        ["PATCH /api/v1/admin/people/{userId}"] = """{"state":"disabled"}""",
    };

    /// <summary>Path and body for one try.</summary>
    public static async Task<(string Path, string? Body)> OfAsync(Scene scene, string method, string route)
    {
        var path = await FilledAsync(scene, route);
        Assert.False(path.Contains('{', StringComparison.Ordinal), $"Say in {nameof(Tries)} how {method} {route} is tried.");
        return (path, s_bodies.TryGetValue($"{method} {route}", out var body) ? await FilledAsync(scene, body) : null);
    }

    /// <summary>What a socket is asked for with; nothing elsewhere.</summary>
    public static (string, string)[] HeadersOf(string route) => route is not ("/api/v1/socket" or "/api/ws/{ownId}") ? [] :
    [
        ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    /// <summary>Whether a frame of this type is taken: <c>ok</c>, the code of its refusal, or why no socket opens.</summary>
    public static async Task<string> FrameAsync(Scene scene, string type)
    {
        if (scene.Who.Token is not { } token) return "no_session";
        Ear ear;
        try
        {
            ear = await Ear.OpenAsync(scene.Who.Address, token);
        }
        catch (WebSocketException)
        {
            return (await scene.Who.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code;
        }

        await using (ear)
        {
            var mark = ear.Welcome.Rooms.FirstOrDefault(place => place.RoomId == scene.RoomId)?.Mark ?? 0;
            if (type is not "hello") // it was said
                await ear.SendAsync(type switch
                {
                    "post" => new Post(scene.RoomId, Guid.NewGuid().ToString("n"), "said"),
                    "read" => new MoveMark(scene.RoomId, 0, mark),
                    "typing" => new Typing(scene.RoomId),
                    "active" => new Attention(false),
                    "pong" => new Pong(),
                    _ => throw new InvalidOperationException($"Say in {nameof(Tries)} how the frame {type} is tried."),
                });
            if (type is "post") // answered when it is done, whatever comes meanwhile
                return await ear.NextAsync<object>(frame => frame is Ack or Refused) is Refused { Code: var code } ? code : "ok";

            // Frames are taken in order, so that a refusal of this one comes before that of the next.
            await ear.SendAsync("""{"type":"fence"}""");
            var refused = await ear.NextAsync<Refused>();
            return refused.Code == "unknown_type" ? "ok" : refused.Code;
        }
    }

    static async Task<string> FilledAsync(Scene scene, string text)
    {
        foreach (var (hole, fill) in s_fills)
            if (text.Contains(hole, StringComparison.Ordinal)) text = text.Replace(hole, await fill(scene), StringComparison.Ordinal);
        return text;
    }

    static readonly (string Hole, Func<Scene, Task<string>> Fill)[] s_fills =
    [
        ("{roomId}", scene => Number(scene.RoomId)),
        ("{seq}", scene => Number(scene.Seq)),
        ("{emoji}", _ => Task.FromResult(Uri.EscapeDataString("👍"))),
        ("{other}", scene => Task.FromResult(scene.Other.Username)),
        ("{otherId}", scene => Number(scene.Other.Id)),
        ("{new}", _ => Task.FromResult("n" + Guid.NewGuid().ToString("n")[..20])),
        ("{sessionId}", async scene => $"{(await scene.Other.GetAsync<SessionList>("/api/v1/sessions")).Sessions[0].Id}"),
        ("{tokenId}", async scene =>
            $"{(await scene.Other.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("bot", [Scope.Read]))).Info.Id}"),
        ("{link}", async scene => (await scene.Other.PostAsync<NewLink>("/api/v1/me/device-links", null)).Token),
        ("{invitation}", async scene => (await InviteAsync(scene)).Token),
        ("{invitationId}", async scene => $"{(await InviteAsync(scene)).Info.Id}"),
        ("{id}", ReportAsync),
        // The original's door is one's own; to everybody else's it is another persona's.
        ("{ownId}", scene => Number(scene.WhoId)),
        ("{userId}", scene => Number(scene.Other.Id)),
        ("{mark}", MarkAsync),
    ];

    static Task<string> Number(long id) => Task.FromResult($"{id}");

    static Task<NewInvitation> InviteAsync(Scene scene) =>
        scene.Top.PostAsync<NewInvitation>("/api/v1/invitations", new NewInvitationBody(Role.Member));

    static async Task<string> ReportAsync(Scene scene)
    {
        await scene.Creator.DoneAsync(HttpMethod.Post, $"/api/v1/rooms/{scene.RoomId}/messages/{scene.Seq}/report", new ReportBody("spam"));
        return $"{(await scene.Creator.GetAsync<ReportList>("/api/v1/reports?open=true")).Reports[0].Id}";
    }

    static async Task<string> MarkAsync(Scene scene)
    {
        using var response = await scene.Who.SendAsync(HttpMethod.Get, $"/api/v1/rooms/{scene.RoomId}");
        return response.IsSuccessStatusCode ? $"{(await scene.Who.GetAsync<Place>($"/api/v1/rooms/{scene.RoomId}")).Mark}" : "0";
    }
}
