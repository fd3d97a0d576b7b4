using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Http;

public sealed class AddressLimitTests
{
    [Theory]
    [InlineData("/api/v1/sessions")]
    [InlineData("/api/users/login")]
    public async Task LIMIT_LOGINS_PER_MINUTE_holds_at_both_doors_and_counts_them_together(string path)
    {
        await using var server = await ChatServer.StartAsync(options => options with { LoginsPerMinute = 3 });
        using var ana = await server.SignUpAsync();
        using var stranger = server.Stranger();

        foreach (var door in (string[])["/api/v1/sessions", "/api/users/login", "/api/v1/sessions"])
            Assert.Equal("wrong_credentials", (await stranger.RefusedAsync(HttpMethod.Post, door, new OriginalCredentials(ana.Username, "guessed wrong"))).Code);
        using var response = await stranger.SendAsync(HttpMethod.Post, path, new OriginalCredentials(ana.Username, Guest.Password));

        await AssertTooFastAsync(response, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("/api/v1/users")]
    [InlineData("/api/users")]
    public async Task LIMIT_REGISTRATIONS_PER_HOUR_holds_at_both_doors(string path)
    {
        await using var server = await ChatServer.StartAsync(options => options with { RegistrationsPerHour = 2 });
        using var stranger = server.Stranger();

        // A mistyped form is no registration.
        for (var i = 0; i < 5; i++) await stranger.RefusedAsync(HttpMethod.Post, path, new OriginalCredentials("x", Guest.Password));
        foreach (var door in (string[])["/api/v1/users", "/api/users"])
        {
            using var made = await stranger.SendAsync(HttpMethod.Post, door, new OriginalCredentials(ChatServer.NewName(), Guest.Password));
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }
        using var response = await stranger.SendAsync(HttpMethod.Post, path, new OriginalCredentials(ChatServer.NewName(), Guest.Password));

        await AssertTooFastAsync(response, TimeSpan.FromHours(1));
    }

    [Fact]
    [Trait(ChatServer.Inside, "makes many accounts: quick only where hashing is cheap")]
    public async Task Zero_is_no_limit()
    {
        await using var server = await ChatServer.StartAsync(options => options with { LoginsPerMinute = 0, RegistrationsPerHour = 0 });
        using var ana = await server.SignUpAsync();
        using var stranger = server.Stranger();

        for (var i = 0; i < 30; i++)
            await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(ana.Username, Guest.Password));
        for (var i = 0; i < 30; i++) (await server.SignUpAsync()).Dispose();
    }

    static async Task AssertTooFastAsync(HttpResponseMessage response, TimeSpan window)
    {
        var problem = await response.ProblemAsync();
        Assert.Equal((429, "too_fast", true), (problem.Status, problem.Code, problem.Retry));
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), window);
        Assert.InRange(problem.RetryAfterMs!.Value, 1, (long)window.TotalMilliseconds);
    }
}
