using System.Net;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Tests.Accounts;

public sealed class SessionTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task It_is_told_who_is_signed_in_and_for_how_long()
    {
        using var ana = await server.SignUpAsync();

        var answer = await ana.GetAsync<SessionAnswer>("/api/v1/session");

        Assert.Equal((ana.Me, null), (answer.Me, answer.Token));
        Assert.InRange(answer.ExpiresAt - DateTimeOffset.UtcNow, TimeSpan.FromDays(13.9), TimeSpan.FromDays(14));
    }

    [Fact]
    public async Task Signing_out_ends_that_session_and_no_other()
    {
        using var ana = await server.SignUpAsync();
        var second = await ana.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(ana.Username, Guest.Password, Bearer: true));
        using var elsewhere = new Guest(server.Address, ana.Me, second.Token!);
        await elsewhere.GetAsync<Person>("/api/v1/me");

        using var response = await ana.SendAsync(HttpMethod.Delete, "/api/v1/session");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains("olha_session=;", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Equal("no_session", (await ana.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        await elsewhere.GetAsync<Person>("/api/v1/me");
    }

    [Fact]
    public async Task Signing_out_closes_the_sessions_sockets()
    {
        using var ana = await server.SignUpAsync();
        await using var ear = await ana.ListenAsync();

        await ana.DoneAsync(HttpMethod.Delete, "/api/v1/session");

        Assert.Equal(CloseCode.SessionEnded, await ear.ClosedAsync());
    }

    [Fact]
    [Trait(ChatServer.Inside, "writes rows, as another program would")]
    public async Task A_session_that_another_program_ended_closes_its_sockets_within_a_minute()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await using var ear = await ana.ListenAsync();
        await using var other = await bruno.ListenAsync();
        await server.Get<Database>().WriteAsync(
            tx => tx.ExecuteAsync("DELETE FROM sessions WHERE user_id = @id", ("@id", ana.Id)), TestContext.Current.CancellationToken);

        await server.Get<Olha.Server.Gateway.EndedSessions>().LookAsync(TestContext.Current.CancellationToken); // every 30 s

        Assert.Equal(CloseCode.SessionEnded, await ear.ClosedAsync());
        await bruno.SayAsync(1, "olá");
        Assert.Equal("olá", (await other.NextAsync<MessageChange>(it => it.Message.AuthorId == bruno.Id && it.Message.Body is not null)).Message.Body);
    }

    [Fact]
    [Trait(ChatServer.Inside, "writes rows, as time would")]
    public async Task An_access_token_that_has_expired_closes_its_sockets_within_a_minute()
    {
        using var ana = await server.SignUpAsync();
        var token = await ana.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("bot", [Scope.Read], ExpiresInDays: 1));
        await using var bots = await Ear.OpenAsync(server.Address, token.Token);
        await using var own = await ana.ListenAsync();
        await server.Get<Database>().WriteAsync(
            tx => tx.ExecuteAsync("UPDATE access_tokens SET expires_at = 1 WHERE id = @id", ("@id", token.Info.Id)), TestContext.Current.CancellationToken);

        await server.Get<Olha.Server.Gateway.EndedSessions>().LookAsync(TestContext.Current.CancellationToken); // every 30 s

        Assert.Equal(CloseCode.SessionEnded, await bots.ClosedAsync());
        await ana.SayAsync(1, "still here");
        await own.NextAsync<MessageChange>(it => it.Message.Body == "still here");
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Authorization", "Bearer %00%00%00%00%00%00%00%00%00%00%00%00%00%00==")]
    [InlineData("Authorization", "Basic YTpi")]
    [InlineData("Authorization", ";;;")]
    [InlineData("Cookie", "olha_session=")]
    [InlineData("Cookie", "olha_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Cookie", "olha_session=\"; DROP TABLE sessions; --\"")]
    public async Task What_is_no_token_is_no_session(string header, string value)
    {
        using var stranger = server.Stranger();
        var problem = await stranger.RefusedAsync(HttpMethod.Get, "/api/v1/me", null, (header, value));
        Assert.Equal((401, "no_session"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("GET", "/api/v1/session")]
    [InlineData("DELETE", "/api/v1/session")]
    [InlineData("GET", "/api/v1/me")]
    [InlineData("PATCH", "/api/v1/me")]
    [InlineData("DELETE", "/api/v1/me")]
    [InlineData("GET", "/api/v1/me/export")]
    [InlineData("PUT", "/api/v1/me/password")]
    [InlineData("GET", "/api/v1/me/tokens")]
    [InlineData("POST", "/api/v1/me/tokens")]
    [InlineData("DELETE", "/api/v1/me/tokens/1")]
    [InlineData("POST", "/api/v1/me/device-links")]
    [InlineData("GET", "/api/v1/sessions")]
    [InlineData("DELETE", "/api/v1/sessions")]
    [InlineData("DELETE", "/api/v1/sessions/1")]
    [InlineData("GET", "/api/v1/me/changes")]
    [InlineData("GET", "/api/v1/state")]
    [InlineData("GET", "/api/v1/people")]
    [InlineData("GET", "/api/v1/people/changes")]
    [InlineData("GET", "/api/v1/presence")]
    [InlineData("GET", "/api/v1/rooms")]
    [InlineData("POST", "/api/v1/rooms")]
    [InlineData("GET", "/api/v1/rooms/open")]
    [InlineData("POST", "/api/v1/rooms/direct")]
    [InlineData("GET", "/api/v1/rooms/1")]
    [InlineData("PATCH", "/api/v1/rooms/1")]
    [InlineData("POST", "/api/v1/rooms/1/join")]
    [InlineData("POST", "/api/v1/rooms/1/leave")]
    [InlineData("GET", "/api/v1/rooms/1/members")]
    [InlineData("PUT", "/api/v1/rooms/1/members/1")]
    [InlineData("DELETE", "/api/v1/rooms/1/members/1")]
    [InlineData("GET", "/api/v1/rooms/1/messages")]
    [InlineData("POST", "/api/v1/rooms/1/messages")]
    [InlineData("GET", "/api/v1/rooms/1/messages/1")]
    [InlineData("GET", "/api/v1/rooms/1/changes?after=0")]
    [InlineData("PUT", "/api/v1/rooms/1/read")]
    [InlineData("POST", "/api/v1/rooms/1/typing")]
    [InlineData("GET", "/api/v1/socket")]
    [InlineData("GET", "/api/ws/1")]
    public async Task Nothing_is_told_to_strangers(string method, string path)
    {
        using var stranger = server.Stranger();
        var body = method is "GET" or "DELETE" ? null : "{}";
        var problem = await stranger.RefusedAsync(new HttpMethod(method), path, body);
        Assert.Equal((401, "no_session"), (problem.Status, problem.Code));
    }

    [Fact]
    [Trait(ChatServer.Inside, "reads rows")]
    public async Task The_database_does_not_hold_the_secret()
    {
        using var ana = await server.SignUpAsync();

        var hash = await server.Get<Database>().ReadAsync(
            session => session.ScalarAsync<byte[]>("SELECT token_hash FROM sessions WHERE user_id = @id", ("@id", ana.Id)),
            TestContext.Current.CancellationToken);

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(ana.Token!)), hash);
    }
}

/// <summary>Sessions and the time that goes by.</summary>
[Trait(ChatServer.Inside, "puts the clock forward")]
public sealed class SessionTimeTests : IAsyncLifetime
{
    readonly SettableClock _clock = new();
    readonly ChatServer _server;

    public SessionTimeTests() => _server = new ChatServer(options => options, _clock);

    public ValueTask InitializeAsync() => _server.InitializeAsync();
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task It_ends_when_it_was_not_used_for_14_days()
    {
        using var ana = await _server.SignUpAsync();

        _clock.Forward(TimeSpan.FromDays(13));
        await ana.GetAsync<Person>("/api/v1/me");
        _clock.Forward(TimeSpan.FromDays(13));
        await ana.GetAsync<Person>("/api/v1/me");
        _clock.Forward(TimeSpan.FromDays(14));

        Assert.Equal("no_session", (await ana.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
    }

    [Fact]
    public async Task It_ends_after_90_days_however_much_it_is_used()
    {
        using var ana = await _server.SignUpAsync();
        for (var day = 0; day < 80; day += 10)
        {
            _clock.Forward(TimeSpan.FromDays(10));
            await ana.GetAsync<Person>("/api/v1/me");
        }

        var left = (await ana.GetAsync<SessionAnswer>("/api/v1/session")).ExpiresAt - _clock.GetUtcNow();
        Assert.InRange(left, TimeSpan.FromDays(9.9), TimeSpan.FromDays(10));
        _clock.Forward(TimeSpan.FromDays(10));

        Assert.Equal("no_session", (await ana.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
    }

    [Fact]
    public async Task Its_use_is_written_down_once_an_hour_at_most()
    {
        using var ana = await _server.SignUpAsync();
        var opened = await UsedAtAsync(ana);

        _clock.Forward(TimeSpan.FromMinutes(59));
        await ana.GetAsync<Person>("/api/v1/me");
        Assert.Equal(opened, await UsedAtAsync(ana));

        _clock.Forward(TimeSpan.FromMinutes(2));
        await ana.GetAsync<Person>("/api/v1/me");
        var used = await UsedAtAsync(ana);
        Assert.InRange(used - opened, TimeSpan.FromMinutes(61), TimeSpan.FromMinutes(62));

        await ana.GetAsync<Person>("/api/v1/me");
        Assert.Equal(used, await UsedAtAsync(ana));
    }

    [Fact]
    public async Task Ended_ones_are_cleared_away_when_their_owner_comes_back()
    {
        using var ana = await _server.SignUpAsync();
        _clock.Forward(TimeSpan.FromDays(15));

        await ana.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(ana.Username, Guest.Password));

        Assert.Equal(1, await ScalarAsync("SELECT COUNT(*) FROM sessions WHERE user_id = @id", ana));
    }

    async Task<TimeSpan> UsedAtAsync(Guest guest) =>
        TimeSpan.FromMilliseconds(await ScalarAsync("SELECT used_at FROM sessions WHERE user_id = @id", guest));

    async Task<long> ScalarAsync(string sql, Guest guest) => await _server.Get<Database>().ReadAsync(
        session => session.ScalarAsync<long>(sql, ("@id", guest.Id)), TestContext.Current.CancellationToken);
}
