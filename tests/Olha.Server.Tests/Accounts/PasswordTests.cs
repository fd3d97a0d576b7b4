using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

public sealed class PasswordTests(ChatServer server) : IClassFixture<ChatServer>
{
    const string Path = "/api/v1/me/password";
    const string Another = "another horse";

    [Fact]
    public async Task Another_password_ends_every_other_way_in_and_this_session_goes_on()
    {
        using var ana = await server.SignUpAsync();
        using var phone = new Guest(server.Address, ana.Me, (await SignInAsync(ana, Guest.Password)).Token!);
        var token = await ana.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("bot", [Scope.Read]));
        var link = await ana.PostAsync<NewLink>("/api/v1/me/device-links", null);
        await using var phones = await phone.ListenAsync();
        await using var bots = await Ear.OpenAsync(server.Address, token.Token);
        await using var own = await ana.ListenAsync();

        var answer = await ana.PutAsync<SessionAnswer>(Path, new PasswordBody(Guest.Password, Another));

        Assert.Equal(CloseCode.SessionEnded, await phones.ClosedAsync());
        Assert.Equal(CloseCode.SessionEnded, await bots.ClosedAsync());
        using var again = new Guest(server.Address, ana.Me, answer.Token!);
        Assert.Empty((await again.GetAsync<TokenList>("/api/v1/me/tokens")).Tokens);
        Assert.Single((await again.GetAsync<SessionList>("/api/v1/sessions")).Sessions);
        foreach (var ended in (string[])[ana.Token!, phone.Token!, token.Token])
        {
            using var client = new Client(server.Address, ended);
            Assert.Equal("no_session", (await client.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        }
        Assert.Equal("invalid_link", (await again.RefusedAsync(HttpMethod.Post, "/api/v1/links/use", new UseLinkBody(link.Token))).Code);
        await again.PatchAsync<Person>("/api/v1/me", new ProfileBody("Ana with a new key"));
        await own.NextAsync<PersonChange>(change => change.Person.DisplayName == "Ana with a new key"); // the socket went on
        Assert.Equal("wrong_credentials", (await again.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody(ana.Username, Guest.Password))).Code);
        await SignInAsync(ana, Another);
    }

    [Fact]
    public async Task A_browser_gets_the_new_secret_as_its_cookie()
    {
        using var ana = await server.SignUpAsync();
        using var stranger = server.Stranger();
        using var signedIn = await stranger.SendAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody(ana.Username, Guest.Password));
        var older = CookieOf(signedIn);

        using var response = await stranger.SendAsync(HttpMethod.Put, Path, new PasswordBody(Guest.Password, Another), ("Cookie", older));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("token", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("no_session", (await stranger.RefusedAsync(HttpMethod.Get, "/api/v1/me", null, ("Cookie", older))).Code);
        using var me = await stranger.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("Cookie", CookieOf(response)));
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
    }

    [Theory]
    [InlineData("not her password", Another, "wrong_credentials")]
    [InlineData(null, Another, "invalid_field")]
    [InlineData("", Another, "invalid_field")]
    [InlineData(Guest.Password, "short", "invalid_password")]
    [InlineData(Guest.Password, null, "invalid_password")]
    public async Task What_is_refused_changes_nothing(string? current, string? password, string code)
    {
        using var ana = await server.SignUpAsync();

        var problem = await ana.RefusedAsync(HttpMethod.Put, Path, new PasswordBody(current, password));

        Assert.Equal(code, problem.Code);
        await ana.GetAsync<Person>("/api/v1/me");
        await SignInAsync(ana, Guest.Password);
    }

    [Fact]
    public async Task Of_two_changes_at_once_one_holds()
    {
        using var ana = await server.SignUpAsync();
        string[] wanted = ["the first horse", "the second horse"];

        var answers = await Task.WhenAll(wanted.Select(it => ana.SendAsync(HttpMethod.Put, Path, new PasswordBody(Guest.Password, it))));

        var winner = Assert.Single(answers, it => it.StatusCode == HttpStatusCode.OK);
        Assert.Single(answers, it => it.StatusCode == HttpStatusCode.Unauthorized);
        await SignInAsync(ana, wanted[Array.IndexOf(answers, winner)]);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Whoever_is_on_the_way_in_meanwhile_is_out_too()
    {
        for (var round = 0; round < 5; round++)
        {
            using var ana = await server.SignUpAsync();
            var intruders = Enumerable.Range(0, 12).Select(i => (i % 3) switch
            {
                0 => ana.SendAsync(HttpMethod.Post, "/api/v1/me/tokens", new NewTokenBody("bot", [Scope.Read])),
                1 => ana.SendAsync(HttpMethod.Post, "/api/v1/me/device-links"),
                _ => ana.SendAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody(ana.Username, Guest.Password, Bearer: true)),
            }).ToArray();
            var answer = await ana.PutAsync<SessionAnswer>(Path, new PasswordBody(Guest.Password, Another));
            foreach (var response in await Task.WhenAll(intruders)) response.Dispose();

            using var again = new Guest(server.Address, ana.Me, answer.Token!);
            Assert.Single((await again.GetAsync<SessionList>("/api/v1/sessions")).Sessions);
            Assert.Empty((await again.GetAsync<TokenList>("/api/v1/me/tokens")).Tokens);
        }
    }

    [Fact]
    public async Task Trying_passwords_here_is_as_slow_as_at_the_door()
    {
        await using var strict = await ChatServer.StartAsync(options => options with { LoginsPerMinute = 2 });
        using var ana = await strict.SignUpAsync();
        for (var i = 0; i < 2; i++)
            Assert.Equal("wrong_credentials", (await ana.RefusedAsync(HttpMethod.Put, Path, new PasswordBody("not her password", Another))).Code);

        Assert.Equal("too_fast", (await ana.RefusedAsync(HttpMethod.Put, Path, new PasswordBody(Guest.Password, Another))).Code);
    }

    async Task<SessionAnswer> SignInAsync(Guest who, string password)
    {
        using var stranger = server.Stranger();
        return await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(who.Username, password, Bearer: true));
    }

    static string CookieOf(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0];
}
