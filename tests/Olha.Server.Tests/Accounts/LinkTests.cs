using System.Net;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Tests.Accounts;

public sealed class LinkTests(ChatServer server) : IClassFixture<ChatServer>
{
    const string Look = "/api/v1/links/look";
    const string Use = "/api/v1/links/use";
    const string Another = "another horse";

    [Fact]
    public async Task A_link_signs_another_device_in_once()
    {
        using var ana = await server.SignUpAsync();
        using var phone = server.Stranger();
        var link = await ana.PostAsync<NewLink>("/api/v1/me/device-links", null);
        Assert.Equal(LinkKind.Device, link.Kind);
        Assert.InRange(link.ExpiresAt - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(9.5), TimeSpan.FromMinutes(10));

        var info = await phone.PostAsync<LinkInfo>(Look, new LinkBody(link.Token));
        Assert.Equal(new LinkInfo(LinkKind.Device, ana.Username, ana.Me.DisplayName, link.ExpiresAt), info);
        var answer = await phone.PostAsync<SessionAnswer>(Use, new UseLinkBody(link.Token, Bearer: true));

        using var signedIn = new Guest(server.Address, answer.Me, answer.Token!);
        Assert.Equal(ana.Me, await signedIn.GetAsync<Person>("/api/v1/me"));
        await ana.GetAsync<Person>("/api/v1/me");
        Assert.Equal("invalid_link", (await phone.RefusedAsync(HttpMethod.Post, Use, new UseLinkBody(link.Token))).Code);
        Assert.Equal("invalid_link", (await phone.RefusedAsync(HttpMethod.Post, Look, new LinkBody(link.Token))).Code);
    }

    [Fact]
    public async Task A_browser_gets_a_cookie()
    {
        using var ana = await server.SignUpAsync();
        using var phone = server.Stranger();
        var link = await ana.PostAsync<NewLink>("/api/v1/me/device-links", null);

        using var response = await phone.SendAsync(HttpMethod.Post, Use, new UseLinkBody(link.Token));

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0];
        using var me = await phone.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("Cookie", cookie));
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
    }

    [Fact]
    public async Task Of_fifty_who_use_it_at_the_same_moment_one_is_let_in()
    {
        using var ana = await server.SignUpAsync();
        using var crowd = server.Stranger();
        var link = await ana.PostAsync<NewLink>("/api/v1/me/device-links", null);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => crowd.SendAsync(HttpMethod.Post, Use, new UseLinkBody(link.Token))));

        Assert.Single(answers, it => it.StatusCode == HttpStatusCode.OK);
        Assert.Equal(49, answers.Count(it => it.StatusCode == HttpStatusCode.BadRequest));
        Assert.Equal(2, (await ana.GetAsync<SessionList>("/api/v1/sessions")).Sessions.Count);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Five_are_open_at_most_and_the_oldest_goes()
    {
        using var ana = await server.SignUpAsync();
        using var phone = server.Stranger();
        var links = new List<NewLink>();
        for (var i = 0; i < 6; i++) links.Add(await ana.PostAsync<NewLink>("/api/v1/me/device-links", null));

        Assert.Equal("invalid_link", (await phone.RefusedAsync(HttpMethod.Post, Look, new LinkBody(links[0].Token))).Code);
        foreach (var link in links[1..]) await phone.PostAsync<LinkInfo>(Look, new LinkBody(link.Token));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_link_lets_nobody_in(string? token)
    {
        using var stranger = server.Stranger();
        foreach (var refused in (Problem[])[
            await stranger.RefusedAsync(HttpMethod.Post, Look, new LinkBody(token)),
            await stranger.RefusedAsync(HttpMethod.Post, Use, new UseLinkBody(token))])
            Assert.Equal((400, "invalid_link"), (refused.Status, refused.Code));
    }

    [Fact]
    [Trait(ChatServer.Inside, "makes a recovery link")]
    public async Task A_recovery_link_sets_a_new_password_and_ends_every_other_way_in()
    {
        using var ana = await server.SignUpAsync();
        using var stranger = server.Stranger();
        var token = await ana.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("bot", [Scope.Read]));
        var device = await ana.PostAsync<NewLink>("/api/v1/me/device-links", null);
        await using var ear = await ana.ListenAsync();
        var link = await RecoveryAsync(ana, TimeSpan.FromHours(24));

        Assert.Equal("invalid_password", (await stranger.RefusedAsync(HttpMethod.Post, Use, new UseLinkBody(link.Token))).Code);
        Assert.Equal("invalid_password", (await stranger.RefusedAsync(HttpMethod.Post, Use, new UseLinkBody(link.Token, "short"))).Code);
        var answer = await stranger.PostAsync<SessionAnswer>(Use, new UseLinkBody(link.Token, Another, Bearer: true));

        Assert.Equal(CloseCode.SessionEnded, await ear.ClosedAsync());
        using var again = new Guest(server.Address, answer.Me, answer.Token!);
        Assert.Single((await again.GetAsync<SessionList>("/api/v1/sessions")).Sessions);
        Assert.Empty((await again.GetAsync<TokenList>("/api/v1/me/tokens")).Tokens);
        using var bot = new Client(server.Address, token.Token);
        Assert.Equal("no_session", (await bot.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        foreach (var spent in (string[])[link.Token, device.Token])
            Assert.Equal("invalid_link", (await stranger.RefusedAsync(HttpMethod.Post, Use, new UseLinkBody(spent, Another))).Code);
        Assert.Equal("wrong_credentials", (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody(ana.Username, Guest.Password))).Code);
        await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(ana.Username, Another));
        Assert.Equal(AuditAction.PasswordReset, (await server.Get<Database>().ReadAsync(
            session => server.Get<AuditStore>().BeforeAsync(session, long.MaxValue, 100), TestContext.Current.CancellationToken))
            .Entries.First(entry => entry.UserId == ana.Id).Action);
    }

    [Fact]
    [Trait(ChatServer.Inside, "writes rows")]
    public async Task It_lets_nobody_in_who_was_disabled_meanwhile()
    {
        using var ana = await server.SignUpAsync();
        using var stranger = server.Stranger();
        var link = await RecoveryAsync(ana, TimeSpan.FromHours(24));
        await server.Get<Database>().WriteAsync(
            async tx => await tx.ExecuteAsync("UPDATE users SET state = 'disabled' WHERE id = @id", ("@id", ana.Id)), TestContext.Current.CancellationToken);

        Assert.Equal("invalid_link", (await stranger.RefusedAsync(HttpMethod.Post, Look, new LinkBody(link.Token))).Code);
        Assert.Equal("invalid_link", (await stranger.RefusedAsync(HttpMethod.Post, Use, new UseLinkBody(link.Token, Another))).Code);
    }

    [Fact]
    [Trait(ChatServer.Inside, "makes a link that ended")]
    public async Task It_ends_by_itself()
    {
        using var ana = await server.SignUpAsync();
        using var stranger = server.Stranger();
        var link = await RecoveryAsync(ana, TimeSpan.Zero);
        Assert.Equal("invalid_link", (await stranger.RefusedAsync(HttpMethod.Post, Use, new UseLinkBody(link.Token, Another))).Code);
    }

    [Fact]
    public async Task Guessing_is_slow()
    {
        await using var strict = await ChatServer.StartAsync(options => options with { LoginsPerMinute = 2 });
        using var stranger = strict.Stranger();
        for (var i = 0; i < 2; i++) await stranger.RefusedAsync(HttpMethod.Post, Look, new LinkBody("guess"));
        Assert.Equal("too_fast", (await stranger.RefusedAsync(HttpMethod.Post, Look, new LinkBody("guess"))).Code);
        Assert.Equal("too_fast", (await stranger.RefusedAsync(HttpMethod.Post, Use, new UseLinkBody("guess"))).Code);
    }

    ValueTask<NewLink> RecoveryAsync(Guest whom, TimeSpan lifetime) => server.Get<Database>().WriteAsync(
        tx => server.Get<Links>().CreateLinkAsync(tx, whom.Id, creatorId: null, LinkKind.Recovery, lifetime), TestContext.Current.CancellationToken);
}
