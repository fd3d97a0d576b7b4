using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;

namespace Olha.Server.Tests.Http;

/// <summary>What answers of the whole server carry, and its doors for those who look after it or write programs.</summary>
public sealed partial class AnswerTests(ChatServer server) : IClassFixture<ChatServer>
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
    [InlineData("/health", """{"status":"alive"}""")]
    [InlineData("/ready", """{"status":"ready"}""")]
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
    [Trait(ChatServer.Inside, "reads the routes")]
    public async Task Every_route_is_described_but_those_that_are_no_interface()
    {
        using var document = await DescriptionAsync();
        var described =
            from path in document.RootElement.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select $"{operation.Name.ToUpperInvariant()} {path.Name}";
        var routes =
            from endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
            select $"{method} {Constraint().Replace(endpoint.RoutePattern.RawText!, "}")}";
        string[] others = ["/health", "/ready", "/metrics", "/api/openapi.json", "/api/docs", "/api/v1/socket", "/api/ws/"];

        Assert.Empty(routes.Where(it => !others.Any(other => it.Split(' ')[1].TrimStart('/').StartsWith(other[1..], StringComparison.Ordinal)))
            .Select(it => it.EndsWith('/') ? it[..^1] : it).Except(described));
    }

    [Fact]
    public async Task Every_operation_says_what_it_takes_what_it_answers_and_how_it_refuses()
    {
        using var document = await DescriptionAsync();
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
            {
                var name = $"{operation.Name} {path.Name}";
                var answers = operation.Value.GetProperty("responses").EnumerateObject().ToList();
                Assert.True(answers.Any(it => it.Name[0] == '2'), $"{name} says no answer");
                Assert.True(answers.Any(it => it.Name == "default"), $"{name} says no refusal");
                foreach (var answer in answers.Where(it => it.Name is not "204"))
                    Assert.True(answer.Value.TryGetProperty("content", out var content)
                        && content.EnumerateObject().All(it => it.Value.TryGetProperty("schema", out _)), $"{name} has no form for {answer.Name}");
                if (path.Name.Contains('{')) Assert.True(answers.Any(it => it.Name == "404"), $"{name} is never not found");
                if (!operation.Value.TryGetProperty("requestBody", out var body)) continue;
                Assert.True(answers.Any(it => it.Name == "400") && answers.Any(it => it.Name == "415"), $"{name} takes everything");
                var form = body.GetProperty("content").GetProperty("application/json").GetProperty("schema");
                if (form.TryGetProperty("$ref", out var reference)) form = schemas.GetProperty(reference.GetString()!.Split('/')[^1]);
                Assert.True(form.TryGetProperty("examples", out _), $"{name}: its body has no example; Http/Examples.cs has them");
            }
    }

    [Theory]
    [InlineData(null, "olha_session")]
    [InlineData("https://chat.example", "__Host-olha_session")]
    public async Task The_description_names_the_cookie_that_is_set(string? address, string cookie)
    {
        await using var other = await ChatServer.StartAsync(options => options with { PublicUrl = address is null ? null : new Uri(address) });
        using var stranger = other.Stranger();
        using var answer = await stranger.SendAsync(HttpMethod.Get, "/api/openapi.json", null, ("Host", address is null ? "localhost" : "chat.example"));
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));

        Assert.Equal(cookie, document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("cookie").GetProperty("name").GetString());
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

    // {roomId:long} is described as {roomId}.
    [GeneratedRegex(@":\w+\}")]
    private static partial Regex Constraint();
}
