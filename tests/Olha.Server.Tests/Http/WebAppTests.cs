using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Olha.Server.Configuration;
using Olha.Server.Http;

namespace Olha.Server.Tests.Http;

/// <summary>The embedded web app: which file answers, in which form, and what may be kept. The files here are Http/WebApp.</summary>
[Trait(ChatServer.Inside, "embeds other files")]
public sealed class WebAppTests : IAsyncLifetime
{
    const string Index = "<!doctype html><script>boot()</script><script src=\"/a.js\"></script><style>p{}</style>\n";
    const string Forever = "public, max-age=31536000, immutable";

    WebApplication? _app;
    Client? _client;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    Client Client => _client!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore().AddSingleton<RefusalCounts>();
        _app = builder.Build();
        _app.UseSecurityHeaders(new ServerOptions());
        _app.UseRouting();
        WebApp.Use(_app, typeof(WebAppTests).Assembly);
        _app.MapPost("/api/known", () => "known");
        await _app.StartAsync(Ct);
        _client = new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()));
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null) await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/rooms/3")]
    [InlineData("/rooms/some.thing")]
    [InlineData("/apishop")]
    public async Task The_page_answers_every_address_of_the_app(string path)
    {
        using var answer = await Client.SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());
        Assert.Equal(Index, await answer.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("/_app/immutable/app.js", "text/javascript; charset=utf-8", Forever)]
    [InlineData("/_app/version.json", "application/json", "no-cache")]
    [InlineData("/manifest.webmanifest", "application/manifest+json", "no-cache")]
    public async Task A_file_has_its_type_and_may_be_kept_as_its_name_allows(string path, string type, string kept)
    {
        using var answer = await Client.SendAsync(HttpMethod.Get, path);

        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        Assert.Equal(kept, string.Join(", ", answer.Headers.GetValues("Cache-Control")));
    }

    [Theory]
    [InlineData(null, "plain")]
    [InlineData("gzip, deflate, br", "brotli")]
    [InlineData("gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("br;q=0.5, gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.1", "gzip")]
    [InlineData("*", "brotli")]
    [InlineData("*, br;q=0", "gzip")]
    [InlineData("br;q=0.2, identity;q=0.7", "plain")]
    [InlineData("deflate, zstd", "plain")]
    public async Task The_form_is_the_one_that_the_client_likes_best(string? accepted, string form)
    {
        using var answer = await GetAsync("/_app/immutable/app.js", accepted);

        // The fixture's forms tell which they are.
        Assert.Equal($"// {form}\n", await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(form switch { "brotli" => ["br"], "gzip" => ["gzip"], _ => (string[])[] }, answer.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], answer.Headers.Vary);
    }

    [Fact]
    public async Task A_file_without_other_forms_does_not_vary()
    {
        using var answer = await GetAsync("/_app/version.json", "gzip, br");

        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Empty(answer.Headers.Vary);
    }

    [Fact]
    public async Task What_is_held_already_is_not_sent_again()
    {
        using var first = await GetAsync("/", null);
        var tag = first.Headers.ETag!.ToString();

        foreach (var held in (string[])[tag, $"W/{tag}", $"\"other\", {tag}", "*"])
        {
            using var again = await Client.SendAsync(HttpMethod.Get, "/", null, ("If-None-Match", held));
            Assert.Equal((HttpStatusCode.NotModified, 0), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync(Ct)).Length));
            Assert.Equal(tag, again.Headers.ETag!.ToString());
        }

        using var changed = await Client.SendAsync(HttpMethod.Get, "/", null, ("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task Each_form_has_a_tag_of_its_own()
    {
        var tags = new List<string>();
        foreach (var accepted in (string?[])[null, "br", "gzip"])
        {
            using var answer = await GetAsync("/_app/immutable/app.js", accepted);
            tags.Add(answer.Headers.ETag!.ToString());
        }

        Assert.Equal(3, tags.Distinct().Count());
    }

    [Fact]
    public async Task HEAD_is_GET_without_the_bytes()
    {
        using var answer = await Client.SendAsync(HttpMethod.Head, "/");

        Assert.Equal((HttpStatusCode.OK, Encoding.UTF8.GetByteCount(Index)), (answer.StatusCode, answer.Content.Headers.ContentLength));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Ct));
    }

    [Theory]
    [InlineData("GET", "/_app/immutable/gone.js", 404)]
    [InlineData("GET", "/_app/", 404)]
    [InlineData("POST", "/rooms/3", 404)]
    [InlineData("GET", "/api", 404)]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("POST", "/api/nothing", 404)]
    [InlineData("GET", "/api/known", 405)]
    [InlineData("GET", "/_app/immutable/app.js.br", 404)]
    public async Task What_is_not_there_is_not_the_page(string method, string path, int status)
    {
        using var answer = await Client.SendAsync(new HttpMethod(method), path);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.DoesNotContain("doctype", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task An_unknown_address_of_the_interface_is_a_problem()
    {
        using var answer = await Client.SendAsync(HttpMethod.Get, "/api/v1/nothing");

        Assert.Equal("not_found", (await answer.ProblemAsync()).Code);
    }

    [Fact]
    public async Task The_policy_allows_what_the_page_was_built_with_and_its_own_socket()
    {
        using var answer = await Client.SendAsync(HttpMethod.Get, "/");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ");

        Assert.Contains($"script-src 'self' 'sha256-{Hash("boot()")}'", policy);
        Assert.Contains($"style-src 'self' 'sha256-{Hash("p{}")}'", policy);
        Assert.Contains($"connect-src 'self' ws://{Client.Address.Authority} wss://{Client.Address.Authority}", policy);
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.Contains("require-trusted-types-for 'script'", policy);
    }

    [Theory]
    [InlineData("evil.example;script-src")]
    [InlineData("a,b")]
    public async Task A_host_cannot_change_the_policy(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Host", host);
        using var answer = await Client.SendAsync(request);

        // The server may refuse such a host outright; if it answers, the host must not stand in the policy.
        if (answer.StatusCode == HttpStatusCode.BadRequest) return;
        Assert.DoesNotContain(host, answer.Headers.GetValues("Content-Security-Policy").Single());
    }

    Task<HttpResponseMessage> GetAsync(string path, string? accepted) =>
        accepted is null ? Client.SendAsync(HttpMethod.Get, path) : Client.SendAsync(HttpMethod.Get, path, null, ("Accept-Encoding", accepted));

    static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
