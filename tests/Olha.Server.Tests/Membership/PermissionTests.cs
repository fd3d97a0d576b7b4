using Olha.Protocol;

namespace Olha.Server.Tests.Membership;

/// <summary>Who may do what to whom: each route, each kind of room, each kind of person.</summary>
public sealed class PermissionTests(ChatServer server) : IClassFixture<ChatServer>
{
    /// <summary>What is tried, in order: a row of the table below.</summary>
    static readonly (string Method, string Path, string? Body)[] s_tries =
    [
        ("GET", "", null),
        ("GET", "/members", null),
        ("GET", "/messages", null),
        ("GET", "/changes?after=0", null),
        ("POST", "/messages", """{"cid":"{cid}","body":"olá"}"""),
        ("POST", "/typing", null),
        ("PUT", "/read", """{"mark":0,"replaces":0}"""),
        ("PATCH", "", """{"topic":"{cid}"}"""),
        ("PATCH", "", """{"name":"{cid}"}"""),
        ("PATCH", "", """{"archived":false}"""),
        ("PATCH", "", """{"slowModeSeconds":0}"""),
        ("PATCH", "", """{"locked":false}"""),
        ("PATCH", "", """{"retentionDays":-1}"""),
        ("PUT", "/moderators/{other}", null),
        ("DELETE", "/moderators/{other}", null),
        ("PUT", "/members/{other}", null),
        ("DELETE", "/members/{other}", null),
        ("POST", "/join", null),
        ("POST", "/leave", null),
        ("DELETE", "", null), // of a room that they have just left
    ];

    //                                see members history changes post typing read topic name archive slow lock keep appoint dismiss invite remove join leave delete
    const string Member_ = "        200 200     200     200     201  204    ok   403   403  403     403  403  403  403     403     200    403    200  204   403";
    const string ClosedMember = "   200 200     200     200     201  204    ok   403   403  403     403  403  403  403     403     200    403    200  204   404";
    const string Guest_ = "         200 200     200     200     201  204    ok   403   403  403     403  403  403  403     403     403    403    200  204   404";
    const string Moderator = "      200 200     200     200     201  204    ok   200   200  200     200  200  403  403     403     200    204    200  204   403";
    const string ClosedModerator = "200 200     200     200     201  204    ok   200   200  200     200  200  403  403     403     200    204    200  204   404";
    const string Creator = "        200 200     200     200     201  204    ok   200   200  200     200  200  403  200     200     200    204    200  204   403";
    const string ClosedCreator = "  200 200     200     200     201  204    ok   200   200  200     200  200  403  200     200     200    204    200  204   404";
    const string Top = "            200 200     200     200     201  204    ok   200   200  200     200  200  200  200     200     200    204    200  204   204";
    const string Outside = "        200 nm      nm      nm      nm   nm     nm   403   403  403     403  403  403  403     403     nm     403    200  204   403";
    const string OutsideTop = "     200 nm      nm      nm      nm   nm     nm   200   200  200     200  200  200  200     200     nm     204    200  204   204";
    const string Nothing = "        404 404     404     404     404  404    404  404   404  404     404  404  404  404     404     404    404    404  404   404";
    const string ClosedTop = "      404 404     404     404     404  404    404  404   404  404     404  404  200  404     404     404    404    404  404   204";
    const string DirectTop = "      404 404     404     404     404  404    404  404   404  404     404  404  ds   404     404     404    404    404  404   ds";
    const string Direct = "         200 200     200     200     201  204    ok   ds    ds   ds      ds   ds   403  ds      ds      ds     ds     200  ds    403";
    const string General = "        200 200     200     200     201  204    ok   403   403  403     403  403  403  403     403     200    403    200  gs    403";
    const string GeneralGuest = "   200 200     200     200     201  204    ok   403   403  403     403  403  403  403     403     403    403    200  gs    403";
    const string GeneralTop = "     200 200     200     200     201  204    ok   200   200  200     200  200  200  200     200     200    gs     200  gs    gs";

    [Theory]
    [InlineData("open", "outsider", Outside)]
    [InlineData("open", "former", Outside)]
    [InlineData("open", "member", Member_)]
    [InlineData("open", "moderator", Moderator)]
    [InlineData("open", "creator", Creator)]
    [InlineData("open", "owner", OutsideTop)]
    [InlineData("open", "owner inside", Top)]
    [InlineData("closed", "outsider", Nothing)]
    [InlineData("closed", "former", Nothing)]
    [InlineData("closed", "former creator", Nothing)]
    [InlineData("closed", "member", ClosedMember)]
    [InlineData("closed", "moderator", ClosedModerator)]
    [InlineData("closed", "creator", ClosedCreator)]
    [InlineData("closed", "owner", ClosedTop)]
    [InlineData("closed", "owner inside", Top)]
    [InlineData("direct", "outsider", Nothing)]
    [InlineData("direct", "owner", DirectTop)]
    [InlineData("direct", "member", Direct)]
    [InlineData("direct", "creator", Direct)]
    [InlineData("general", "member", General)]
    [InlineData("general", "owner", GeneralTop)]
    public Task Each_may_do_what_they_may(string kind, string who, string expected) => TryAsync(kind, who, expected);

    [Theory]
    [Trait(ChatServer.Inside, "makes guests of members")]
    [InlineData("open", "guest", Nothing)]
    [InlineData("open", "guest inside", Guest_)]
    [InlineData("closed", "guest", Nothing)]
    [InlineData("closed", "guest inside", Guest_)]
    [InlineData("direct", "guest", Nothing)]
    [InlineData("general", "guest", GeneralGuest)]
    public Task Guests_may_do_what_they_may(string kind, string who, string expected) => TryAsync(kind, who, expected);

    async Task TryAsync(string kind, string who, string expected)
    {
        using var scene = await SceneAsync(kind, who);
        var words = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < s_tries.Length; i++)
        {
            var (method, path, body) = s_tries[i];
            using var response = await scene.Who.SendAsync(
                new HttpMethod(method), $"/api/v1/rooms/{scene.RoomId}{path.Replace("{other}", $"{scene.Other.Id}", StringComparison.Ordinal)}",
                body?.Replace("{cid}", Guid.NewGuid().ToString("n"), StringComparison.Ordinal));
            Assert.True(await SaysAsync(response, words[i]), $"{who} in a room that is {kind}: {method} {path} {body} → {(int)response.StatusCode}, not {words[i]}");
        }
    }

    // A refused removal must have left the other where they were: the next try counts on it, and so does this.
    static async Task<bool> SaysAsync(HttpResponseMessage response, string word) => word switch
    {
        // Where the mark stands is another test's business.
        "ok" => response.IsSuccessStatusCode || (await response.ProblemAsync()).Code == "stale_mark",
        "nm" => await response.ProblemAsync() is { Status: 403, Code: "not_member" },
        "ds" => await response.ProblemAsync() is { Status: 403, Code: "direct_stays" },
        "gs" => await response.ProblemAsync() is { Status: 403, Code: "general_stays" },
        "403" => await response.ProblemAsync() is { Status: 403, Code: "forbidden" },
        "404" => await response.ProblemAsync() is { Status: 404, Code: "not_found" },
        _ => (int)response.StatusCode == int.Parse(word),
    };

    sealed record Scene(Guest Who, Guest Other, long RoomId, params Guest[] All) : IDisposable
    {
        public void Dispose()
        {
            foreach (var guest in All) guest.Dispose();
        }
    }

    async Task<Scene> SceneAsync(string kind, string who)
    {
        var owner = await OwnerAsync();
        var (creator, other, third) = (await server.SignUpAsync("creator"), await server.SignUpAsync("other"), await server.SignUpAsync("third"));
        var person = who switch { "creator" or "former creator" => creator, "owner" or "owner inside" => owner, _ => third };
        long roomId;
        if (kind == "general")
            roomId = (await creator.GetAsync<RoomList>("/api/v1/rooms")).Rooms.Single(place => place.Room!.General).RoomId;
        else if (kind == "direct")
            roomId = (await creator.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody(
                who == "member" ? [other.Id, third.Id] : [other.Id]))).RoomId;
        else
        {
            roomId = (await creator.CreateRoomAsync(kind == "open" ? RoomKind.Open : RoomKind.Closed)).RoomId;
            await creator.InviteAsync(roomId, other);
            if (who is "member" or "moderator" or "former" or "owner inside" or "guest inside") await creator.InviteAsync(roomId, person);
            if (who is "moderator") await creator.PutAsync<Member>($"/api/v1/rooms/{roomId}/moderators/{person.Id}", null);
            if (who is "former") await creator.RemoveAsync(roomId, person);
            if (who is "former creator") await creator.LeaveAsync(roomId);
        }
        if (who is "guest" or "guest inside") await server.BecomeAsync(person, Role.Guest);
        return new Scene(person, other, roomId, creator, other, third);
    }

    // The first account of this class's server owns it.
    static readonly SemaphoreSlim s_first = new(1);
    static Guest? s_owner;

    async Task<Guest> OwnerAsync()
    {
        await s_first.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            s_owner ??= await server.SignUpAsync("owner");
        }
        finally
        {
            s_first.Release();
        }
        Assert.Equal(Role.Owner, s_owner.Me.Role);
        return s_owner;
    }
}
