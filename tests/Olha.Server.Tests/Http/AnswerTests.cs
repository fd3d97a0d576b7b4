using System.Net;
using System.Text.Json;

namespace Olha.Server.Tests.Http;

/// <summary>What answers of the whole server carry, and its doors for those who look after it or write programs.</summary>
public sealed class AnswerTests(ChatServer server) : IClassFixture<ChatServer>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/rooms/1")]
    [InlineData("GET", "/_app/gone.js")]
    [InlineData("GET", "/health")]
    [InlineData("POST", "/health")]
    [InlineData("GET", "/api/v1/about")]
    [InlineData("GET", "/api/v1/rooms")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/api/docs/")]
    public async Task Every_answer_carries_the_security_headers(string method, string path)
    {
        using var stranger = server.Stranger();
        using var answer = await stranger.SendAsync(new HttpMethod(method), path);
        string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : "";

        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("same-origin", Header("Referrer-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
        Assert.Contains("camera=()", Header("Permissions-Policy"));
        Assert.StartsWith("default-src 'none'; ", Header("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", Header("Content-Security-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
        // Neither has a meaning without TLS, and browsers complain.
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        Assert.False(answer.Headers.Contains("Cross-Origin-Opener-Policy"));
    }

    [Theory]
    [InlineData("https://chat.example", true)]
    [InlineData("http://chat.example", false)]
    public async Task With_a_public_https_address_browsers_are_told_to_stay_with_TLS(string address, bool told)
    {
        await using var secure = await ChatServer.StartAsync(options => options with { PublicUrl = new Uri(address) });
        using var stranger = secure.Stranger();
        using var answer = await stranger.SendAsync(HttpMethod.Get, "/", null, ("Host", "chat.example"));

        Assert.Equal(told, answer.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal(told, answer.Headers.Contains("Cross-Origin-Opener-Policy"));
    }

    [Theory]
    [InlineData("/health", "alive\n")]
    [InlineData("/ready", "ready\n")]
    public async Task It_says_that_it_is_alive_and_ready(string path, string said)
    {
        using var stranger = server.Stranger();
        using var answer = await stranger.SendAsync(HttpMethod.Get, path);

        Assert.Equal((HttpStatusCode.OK, said), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct)));
    }

    [Fact]
    public async Task The_interface_is_described_from_the_code()
    {
        using var document = await DescriptionAsync();
        var paths = document.RootElement.GetProperty("paths");
        var post = paths.GetProperty("/api/v1/rooms/{roomId}/messages").GetProperty("post");
        var message = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Message");

        Assert.True(post.GetProperty("responses").TryGetProperty("201", out _));
        Assert.True(post.GetProperty("responses").TryGetProperty("401", out _));
        Assert.NotEmpty(post.GetProperty("security").EnumerateArray());
        Assert.False(paths.GetProperty("/api/v1/about").GetProperty("get").TryGetProperty("security", out _));
        Assert.Equal("date-time", message.GetProperty("properties").GetProperty("createdAt").GetProperty("format").GetString());
        // Absent, never null.
        Assert.DoesNotContain("body", message.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.DoesNotContain("\"null\"", document.RootElement.GetRawText());
    }

    [Fact]
    public async Task Every_operation_is_described_in_a_sentence()
    {
        using var document = await DescriptionAsync();
        var silent =
            from path in document.RootElement.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where !operation.Value.TryGetProperty("summary", out _)
            select $"{operation.Name} {path.Name}";

        Assert.Empty(silent);
    }

    [Fact]
    public async Task The_reference_page_asks_nobody_outside()
    {
        using var stranger = server.Stranger();
        using var page = await stranger.SendAsync(HttpMethod.Get, "/api/docs/");
        var html = await page.Content.ReadAsStringAsync(Ct);
        using var script = await stranger.SendAsync(HttpMethod.Get, "/api/docs/scalar.js");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (page.StatusCode, script.StatusCode));
        Assert.DoesNotContain("://", html);
        Assert.Contains("connect-src 'self';", page.Headers.GetValues("Content-Security-Policy").Single());
    }

    async Task<JsonDocument> DescriptionAsync()
    {
        using var stranger = server.Stranger();
        using var answer = await stranger.SendAsync(HttpMethod.Get, "/api/openapi.json");
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
    }
}
