using System.Net;
using Microsoft.Net.Http.Headers;
using Olha.Protocol;

namespace Olha.Server.Tests.Membership;

/// <summary>What the original documented about accounts (its README, as DESIGN tells it): a client written for it works unchanged.</summary>
public sealed class OriginalAccountsTests(ChatServer server) : IClassFixture<ChatServer>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task POST_api_users_answers_201_with_exactly_id_and_username()
    {
        using var stranger = server.Stranger();
        var name = ChatServer.NewName("alice");

        using var response = await stranger.SendAsync(HttpMethod.Post, "/api/users", $$"""{"username":"{{name}}","password":"alice-secret-1"}""");

        var id = await AssertUserAsync(response, HttpStatusCode.Created, name);
        await AssertSignedInAsync(response, id);
    }

    [Fact]
    public async Task POST_api_users_login_answers_200_with_exactly_id_and_username()
    {
        using var alice = await server.SignUpAsync("alice");
        using var stranger = server.Stranger();

        using var response = await stranger.SendAsync(HttpMethod.Post, "/api/users/login", new OriginalCredentials(alice.Username, Guest.Password));

        Assert.Equal(alice.Id, await AssertUserAsync(response, HttpStatusCode.OK, alice.Username));
        await AssertSignedInAsync(response, alice.Id);
    }

    [Fact]
    public async Task POST_api_users_with_a_taken_name_is_409()
    {
        using var alice = await server.SignUpAsync("alice");
        using var stranger = server.Stranger();
        var problem = await stranger.RefusedAsync(HttpMethod.Post, "/api/users", new OriginalCredentials(alice.Username, Guest.Password));
        Assert.Equal((409, "username_taken"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"username":"","password":""}""")]
    [InlineData("""{"username":"alice"}""")]
    [InlineData("""{"password":"alice-secret-1"}""")]
    [InlineData("""{"username":"a","password":"alice-secret-1"}""")]
    [InlineData("""{"username":"two words","password":"alice-secret-1"}""")]
    [InlineData("""{"username":"short.password","password":"short"}""")]
    public async Task POST_api_users_with_something_empty_or_unsound_is_400(string body)
    {
        using var stranger = server.Stranger();
        Assert.Equal(400, (await stranger.RefusedAsync(HttpMethod.Post, "/api/users", body)).Status);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"username":"","password":""}""")]
    [InlineData("""{"username":"alice"}""")]
    public async Task POST_api_users_login_with_something_empty_is_400(string body)
    {
        using var stranger = server.Stranger();
        Assert.Equal(400, (await stranger.RefusedAsync(HttpMethod.Post, "/api/users/login", body)).Status);
    }

    [Fact]
    public async Task POST_api_users_login_tells_an_unknown_user_and_a_wrong_password_the_same()
    {
        using var alice = await server.SignUpAsync("alice");
        using var stranger = server.Stranger();

        using var unknown = await stranger.SendAsync(HttpMethod.Post, "/api/users/login", new OriginalCredentials("nobody", Guest.Password));
        using var wrong = await stranger.SendAsync(HttpMethod.Post, "/api/users/login", new OriginalCredentials(alice.Username, "wrong password"));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (unknown.StatusCode, wrong.StatusCode));
        Assert.Equal(await unknown.Content.ReadAsStringAsync(Ct), await wrong.Content.ReadAsStringAsync(Ct));
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
    }

    static async Task<long> AssertUserAsync(HttpResponseMessage response, HttpStatusCode status, string name)
    {
        Assert.Equal((status, "application/json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var text = await response.Content.ReadAsStringAsync(Ct);
        var id = long.Parse(text["{\"id\":".Length..text.IndexOf(',', StringComparison.Ordinal)]);
        Assert.Equal($$"""{"id":{{id}},"username":"{{name}}"}""", text);
        return id;
    }

    // The cookie travels by itself in a browser: the same page's socket and requests are signed in.
    async Task AssertSignedInAsync(HttpResponseMessage response, long id)
    {
        var cookie = SetCookieHeaderValue.Parse(Assert.Single(response.Headers.GetValues("Set-Cookie")));
        using var stranger = server.Stranger();
        using var me = await stranger.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("Cookie", $"{cookie.Name}={cookie.Value}"));
        Assert.StartsWith($$"""{"id":{{id}},""", await me.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }
}
