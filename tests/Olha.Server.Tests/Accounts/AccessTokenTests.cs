using System.Diagnostics;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Tests.Accounts;

public sealed class AccessTokenTests(ChatServer server) : IClassFixture<ChatServer>
{
    const string Tokens = "/api/v1/me/tokens";

    [Fact]
    public async Task It_is_shown_once_and_listed_without_its_secret()
    {
        using var ana = await server.SignUpAsync();

        var made = await ana.PostAsync<NewToken>(Tokens, new NewTokenBody("  backup  ", [Scope.Write, Scope.Read, Scope.Read], 30));

        Assert.Matches("^olha_[A-Za-z0-9_-]{43}$", made.Token);
        Assert.Equal(("backup", null), (made.Info.Name, made.Info.UsedAt));
        Assert.Equal([Scope.Read, Scope.Write], made.Info.Scopes);
        Assert.Equal(TimeSpan.FromDays(30), made.Info.ExpiresAt - made.Info.CreatedAt);
        var second = await ana.PostAsync<NewToken>(Tokens, new NewTokenBody("other", [Scope.Read]));
        Assert.Null(second.Info.ExpiresAt);
        Assert.Equal([second.Info.Id, made.Info.Id], (await ana.GetAsync<TokenList>(Tokens)).Tokens.Select(it => it.Id));
    }

    [Theory]
    [InlineData("""{"name":"","scopes":["read"]}""", "invalid_name")]
    [InlineData("""{"scopes":["read"]}""", "invalid_name")]
    [InlineData("""{"name":"bot"}""", "invalid_scopes")]
    [InlineData("""{"name":"bot","scopes":[]}""", "invalid_scopes")]
    [InlineData("""{"name":"bot","scopes":["everything"]}""", "invalid_field")]
    [InlineData("""{"name":"bot","scopes":["read"],"expiresInDays":0}""", "invalid_field")]
    [InlineData("""{"name":"bot","scopes":["read"],"expiresInDays":3651}""", "invalid_field")]
    public async Task Unsound_ones_are_refused(string body, string code)
    {
        using var ana = await server.SignUpAsync();
        var problem = await ana.RefusedAsync(HttpMethod.Post, Tokens, body);
        Assert.Equal((400, code), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task There_are_fifty_at_most_however_many_are_made_at_once()
    {
        using var ana = await server.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 55).Select(
            i => ana.SendAsync(HttpMethod.Post, Tokens, new NewTokenBody($"bot {i}", [Scope.Read]))));

        var refused = answers.Where(it => !it.IsSuccessStatusCode).ToArray();
        Assert.Equal(5, refused.Length);
        foreach (var one in refused) Assert.Equal("too_many_tokens", (await one.ProblemAsync()).Code);
        Assert.Equal(50, (await ana.GetAsync<TokenList>(Tokens)).Tokens.Count);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Reading_needs_read_and_anything_else_write()
    {
        using var ana = await server.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        using var reader = await TokenAsync(ana, Scope.Read);
        using var writer = await TokenAsync(ana, Scope.Write);

        Assert.Equal(ana.Me, await reader.GetAsync<Person>("/api/v1/me"));
        await reader.HistoryAsync(room.RoomId);
        var path = $"/api/v1/rooms/{room.RoomId}/messages";
        var problem = await reader.RefusedAsync(HttpMethod.Post, path, new DraftBody("a", "olá"));
        Assert.Equal((403, "out_of_scope"), (problem.Status, problem.Code));
        Assert.Equal("out_of_scope", (await reader.RefusedAsync(HttpMethod.Patch, "/api/v1/me", new ProfileBody("x"))).Code);

        await writer.SayAsync(room.RoomId, "olá");
        await writer.HistoryAsync(room.RoomId);
    }

    [Fact]
    public async Task Administering_needs_admin_and_an_owner_who_may()
    {
        await using var own = await ChatServer.StartAsync(options => options);
        using var owner = await own.SignUpAsync("owner");
        using var ana = await own.SignUpAsync();
        using var writer = await TokenAsync(owner, Scope.Write);
        using var admin = await TokenAsync(owner, Scope.Admin);
        using var anas = await TokenAsync(ana, Scope.Admin);

        Assert.Equal("out_of_scope", (await writer.RefusedAsync(HttpMethod.Get, "/api/v1/admin/audit")).Code);
        Assert.Equal("out_of_scope", (await writer.RefusedAsync(HttpMethod.Patch, "/api/v1/settings", new SettingsBody("House"))).Code);
        Assert.Equal("forbidden", (await anas.RefusedAsync(HttpMethod.Get, "/api/v1/admin/audit")).Code);
        await admin.PatchAsync<ServerSettings>("/api/v1/settings", new SettingsBody("House"));
        await admin.GetAsync<AuditList>("/api/v1/admin/audit");
    }

    [Theory]
    [InlineData("GET", "/api/v1/session")]
    [InlineData("DELETE", "/api/v1/session")]
    [InlineData("GET", "/api/v1/sessions")]
    [InlineData("DELETE", "/api/v1/sessions")]
    [InlineData("DELETE", "/api/v1/sessions/1")]
    [InlineData("PUT", "/api/v1/me/password")]
    [InlineData("GET", "/api/v1/me/tokens")]
    [InlineData("POST", "/api/v1/me/tokens")]
    [InlineData("DELETE", "/api/v1/me/tokens/1")]
    [InlineData("POST", "/api/v1/me/device-links")]
    [InlineData("GET", "/api/v1/me/export")]
    [InlineData("DELETE", "/api/v1/me")]
    [InlineData("GET", "/api/ws/1")]
    public async Task None_may_touch_the_account_itself(string method, string path)
    {
        using var admin = await TokenAsync(await server.SomebodyAsync(), Scope.Admin);
        var problem = await admin.RefusedAsync(new HttpMethod(method), path, method is "PUT" or "POST" ? "{}" : null);
        Assert.Equal((403, "out_of_scope"), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task It_is_no_cookie()
    {
        using var ana = await server.SignUpAsync();
        var made = await ana.PostAsync<NewToken>(Tokens, new NewTokenBody("bot", [Scope.Read]));
        using var stranger = server.Stranger();
        Assert.Equal("no_session", (await stranger.RefusedAsync(HttpMethod.Get, "/api/v1/me", null, ("Cookie", $"olha_session={made.Token}"))).Code);
    }

    [Fact]
    public async Task A_socket_hears_with_read_and_speaks_with_write()
    {
        using var ana = await server.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        using var reader = await TokenAsync(ana, Scope.Read);
        using var writer = await TokenAsync(ana, Scope.Write);
        await using var hears = await reader.ListenAsync();
        await using var speaks = await writer.ListenAsync();

        await hears.SendAsync(new Post(room.RoomId, "quiet", "olá"));
        var refused = await hears.NextAsync<Refused>();
        Assert.Equal(("post", "quiet", room.RoomId, "out_of_scope"), (refused.Of, refused.Cid, refused.RoomId, refused.Code));
        await hears.SendAsync(new MoveMark(room.RoomId, 0, 0));
        Assert.Equal(("read", "out_of_scope"), await hears.NextAsync<Refused>() is var mark ? (mark.Of, mark.Code) : default);
        await hears.SendAsync(new Typing(room.RoomId));
        Assert.Equal(("typing", "out_of_scope"), await hears.NextAsync<Refused>() is var typing ? (typing.Of, typing.Code) : default);
        await hears.SendAsync("""{"type":"dance"}""");
        Assert.Equal("unknown_type", (await hears.NextAsync<Refused>()).Code);

        await speaks.SendAsync(new Post(room.RoomId, "loud", "olá"));
        await speaks.NextAsync<Ack>();
        Assert.Equal("loud", (await hears.NextAsync<MessageChange>(change => change.Message.Kind == MessageKind.Text)).Message.Cid);
    }

    [Fact]
    public async Task A_revoked_one_opens_nothing_more_and_its_sockets_close_within_a_second()
    {
        using var ana = await server.SignUpAsync();
        var made = await ana.PostAsync<NewToken>(Tokens, new NewTokenBody("bot", [Scope.Write]));
        var other = await ana.PostAsync<NewToken>(Tokens, new NewTokenBody("other", [Scope.Write]));
        using var bot = new Guest(server.Address, ana.Me, made.Token);
        await using var ear = await bot.ListenAsync();
        await using var others = await Ear.OpenAsync(server.Address, other.Token);
        await using var own = await ana.ListenAsync();

        var since = Stopwatch.StartNew();
        await ana.DoneAsync(HttpMethod.Delete, $"{Tokens}/{made.Info.Id}");
        Assert.Equal("no_session", (await bot.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        Assert.Equal(CloseCode.SessionEnded, await ear.ClosedAsync());

        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal((null, null), (own.Closed, others.Closed));
        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Delete, $"{Tokens}/{made.Info.Id}")).Code);
        using var bruno = await server.SignUpAsync("bruno");
        Assert.Equal("not_found", (await bruno.RefusedAsync(HttpMethod.Delete, $"{Tokens}/{other.Info.Id}")).Code);
    }

    [Fact]
    [Trait(ChatServer.Inside, "writes rows")]
    public async Task None_works_while_its_owner_is_disabled()
    {
        using var ana = await server.SignUpAsync();
        using var bot = await TokenAsync(ana, Scope.Read);
        await using var ear = await bot.ListenAsync();

        await server.Get<Database>().WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("UPDATE users SET state = 'disabled' WHERE id = @id", ("@id", ana.Id));
            return await server.Get<Olha.Server.Accounts.EndSessions>().RunAsync(tx, ana.Id);
        }, TestContext.Current.CancellationToken);

        Assert.Equal(CloseCode.SessionEnded, await ear.ClosedAsync());
        Assert.Equal("no_session", (await bot.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
    }

    async Task<Guest> TokenAsync(Guest owner, params Scope[] scopes)
    {
        var made = await owner.PostAsync<NewToken>(Tokens, new NewTokenBody("bot", scopes));
        return new Guest(owner.Address, owner.Me, made.Token);
    }
}

/// <summary>Access tokens and the time that goes by.</summary>
[Trait(ChatServer.Inside, "puts the clock forward")]
public sealed class AccessTokenTimeTests : IAsyncLifetime
{
    readonly SettableClock _clock = new();
    readonly ChatServer _server;

    public AccessTokenTimeTests() => _server = new ChatServer(options => options, _clock);

    public ValueTask InitializeAsync() => _server.InitializeAsync();
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task It_ends_when_it_was_said_to_and_not_for_want_of_use()
    {
        using var ana = await _server.SignUpAsync();
        using var brief = await TokenAsync(ana, 1);
        using var lasting = await TokenAsync(ana, null);

        _clock.Forward(TimeSpan.FromHours(23));
        await brief.GetAsync<Person>("/api/v1/me");
        _clock.Forward(TimeSpan.FromHours(1));
        Assert.Equal("no_session", (await brief.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        Assert.Single((await ana.GetAsync<TokenList>("/api/v1/me/tokens")).Tokens);
        _clock.Forward(TimeSpan.FromDays(400));
        await lasting.GetAsync<Person>("/api/v1/me");
    }

    [Fact]
    public async Task Its_use_is_written_down_once_an_hour_at_most()
    {
        using var ana = await _server.SignUpAsync();
        using var bot = await TokenAsync(ana, null);

        await bot.GetAsync<Person>("/api/v1/me");
        var used = await UsedAtAsync(ana);
        Assert.NotNull(used);
        _clock.Forward(TimeSpan.FromMinutes(59));
        await bot.GetAsync<Person>("/api/v1/me");
        Assert.Equal(used, await UsedAtAsync(ana));
        _clock.Forward(TimeSpan.FromMinutes(1));
        await bot.GetAsync<Person>("/api/v1/me");
        Assert.InRange((await UsedAtAsync(ana) - used)!.Value, TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(61));
    }

    static async Task<DateTimeOffset?> UsedAtAsync(Guest guest) =>
        (await guest.GetAsync<TokenList>("/api/v1/me/tokens")).Tokens.Single().UsedAt;

    static async Task<Guest> TokenAsync(Guest owner, long? days)
    {
        var made = await owner.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("bot", [Scope.Read], days));
        return new Guest(owner.Address, owner.Me, made.Token);
    }
}
