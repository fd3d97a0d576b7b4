using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

/// <summary>One's own sessions: seen, ended, replaced.</summary>
public sealed class OwnSessionTests(ChatServer server) : IClassFixture<ChatServer>
{
    const string Sessions = "/api/v1/sessions";

    [Fact]
    public async Task They_are_listed_by_device_the_last_used_first()
    {
        using var ana = await server.SignUpAsync();
        using var phone = await SignInAsync(ana, "Phone/1.0");

        var list = (await phone.GetAsync<SessionList>(Sessions)).Sessions;

        Assert.Equal(("Phone/1.0", true), (list[0].Device, list[0].Current));
        Assert.False(list[1].Current);
        Assert.Equal(2, list.Count);
        Assert.All(list, one => Assert.Equal(TimeSpan.FromDays(14), one.EndsAt - one.UsedAt));
        Assert.Equal(list[1].Id, (await ana.GetAsync<SessionList>(Sessions)).Sessions.Single(one => one.Current).Id);
    }

    [Fact]
    public async Task Another_device_is_signed_out_and_its_socket_closes()
    {
        using var ana = await server.SignUpAsync();
        using var phone = await SignInAsync(ana);
        await using var ear = await phone.ListenAsync();
        await using var own = await ana.ListenAsync();
        var id = (await phone.GetAsync<SessionList>(Sessions)).Sessions.Single(one => one.Current).Id;

        await ana.DoneAsync(HttpMethod.Delete, $"{Sessions}/{id}");

        Assert.Equal(CloseCode.SessionEnded, await ear.ClosedAsync());
        Assert.Equal("no_session", (await phone.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        Assert.Single((await ana.GetAsync<SessionList>(Sessions)).Sessions);
        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Delete, $"{Sessions}/{id}")).Code);
        Assert.Null(own.Closed);
    }

    [Fact]
    public async Task Nobody_ends_a_session_of_somebody_else()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        var id = (await ana.GetAsync<SessionList>(Sessions)).Sessions.Single().Id;

        var problem = await bruno.RefusedAsync(HttpMethod.Delete, $"{Sessions}/{id}");

        Assert.Equal((404, "not_found"), (problem.Status, problem.Code));
        await ana.GetAsync<Person>("/api/v1/me");
    }

    [Fact]
    public async Task All_others_are_signed_out_at_once_with_links_for_more()
    {
        using var ana = await server.SignUpAsync();
        using var phone = await SignInAsync(ana);
        using var tablet = await SignInAsync(ana);
        await using var ear = await tablet.ListenAsync();
        await using var own = await ana.ListenAsync();
        var link = await phone.PostAsync<NewLink>("/api/v1/me/device-links", null);

        await ana.DoneAsync(HttpMethod.Delete, Sessions);

        Assert.Equal(CloseCode.SessionEnded, await ear.ClosedAsync());
        Assert.Equal("no_session", (await phone.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        Assert.True(Assert.Single((await ana.GetAsync<SessionList>(Sessions)).Sessions).Current);
        Assert.Equal("invalid_link", (await phone.RefusedAsync(HttpMethod.Post, "/api/v1/links/use", new UseLinkBody(link.Token))).Code);
        Assert.Null(own.Closed);
    }

    [Theory]
    [InlineData("/api/v1/sessions")]
    [InlineData("/api/users/login")]
    public async Task Signing_in_again_in_a_browser_ends_the_session_that_it_had(string door)
    {
        using var ana = await server.SignUpAsync();
        var older = await CookieAsync(ana, door);
        await using var ear = await Ear.OpenAsync(server.Address, older);

        var newer = await CookieAsync(ana, door, older);

        Assert.Equal(CloseCode.SessionEnded, await ear.ClosedAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(older));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(newer));
        await ana.GetAsync<Person>("/api/v1/me"); // a program's own session is none of the browser's business
    }

    [Fact]
    public async Task Making_an_account_in_a_browser_ends_the_session_that_it_had()
    {
        using var ana = await server.SignUpAsync();
        var older = await CookieAsync(ana, "/api/v1/sessions");
        using var stranger = server.Stranger();

        using var response = await stranger.SendAsync(
            HttpMethod.Post, "/api/v1/users", new SignUpBody(ChatServer.NewName(), Guest.Password), ("Cookie", $"olha_session={older}"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(older));
    }

    [Fact]
    public async Task A_program_that_signs_in_beside_a_cookie_ends_nothing()
    {
        using var ana = await server.SignUpAsync();
        var cookie = await CookieAsync(ana, "/api/v1/sessions");
        using var stranger = server.Stranger();

        using var response = await stranger.SendAsync(
            HttpMethod.Post, "/api/v1/sessions", new SignInBody(ana.Username, Guest.Password, Bearer: true), ("Cookie", $"olha_session={cookie}"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(cookie));
    }

    async Task<Guest> SignInAsync(Guest who, string device = "")
    {
        using var stranger = server.Stranger();
        using var response = await stranger.SendAsync(
            HttpMethod.Post, Sessions, new SignInBody(who.Username, Guest.Password, Bearer: true), ("User-Agent", device));
        var answer = System.Text.Json.JsonSerializer.Deserialize(
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), ProtocolJson.Wire.SessionAnswer)!;
        return new Guest(server.Address, answer.Me, answer.Token!);
    }

    async Task<string> CookieAsync(Guest who, string door, string? older = null)
    {
        using var stranger = server.Stranger();
        using var response = await stranger.SendAsync(
            HttpMethod.Post, door, new OriginalCredentials(who.Username, Guest.Password), ("Cookie", $"olha_session={older}"));
        return Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0]["olha_session=".Length..];
    }

    async Task<HttpStatusCode> MeAsync(string cookie)
    {
        using var stranger = server.Stranger();
        using var response = await stranger.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("Cookie", $"olha_session={cookie}"));
        return response.StatusCode;
    }
}
