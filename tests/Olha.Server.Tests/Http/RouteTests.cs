using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Olha.Server.Tests.Http;

/// <summary>What holds for every route, those to come included: the list is the program's own.</summary>
[Trait(ChatServer.Inside, "reads the routes")]
public sealed class RouteTests(ChatServer server) : IClassFixture<ChatServer>
{
    static readonly string[] s_forms = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"];

    IEnumerable<(string Method, string Path, Endpoint Endpoint)> Routes =>
        from endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, PathOf(endpoint.RoutePattern), (Endpoint)endpoint);

    IEnumerable<(string Method, string Path)> Unsafe =>
        from route in Routes
        where route.Method is not ("GET" or "HEAD") && route.Path.StartsWith("/api", StringComparison.Ordinal)
        select (route.Method, route.Path);

    [Fact]
    public async Task No_route_that_changes_something_may_be_used_from_another_page()
    {
        var ana = await server.SomebodyAsync();
        var own = $"http://{server.Address.Authority}";
        Assert.True(Unsafe.Count() > 20);
        foreach (var (method, path) in Unsafe)
            foreach (var (header, value) in ((string, string)[])
                [
                    ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "null"), ("Origin", "http://evil.example"),
                    ("Origin", $"http://sub.{server.Address.Authority}"), ("Origin", own.Replace("http:", "ftp:", StringComparison.Ordinal)),
                    ("Origin", $"http://{server.Address.Host}"), ("Origin", $"http://{server.Address.Host}:{server.Address.Port + 1}"),
                ])
            {
                using var answer = await ana.SendAsync(new HttpMethod(method), path, "{}", (header, value));
                Assert.True(HttpStatusCode.Forbidden == answer.StatusCode, $"{method} {path} with {header}: {value} answered {answer.StatusCode}");
                Assert.Equal("wrong_origin", (await answer.ProblemAsync()).Code);
            }
    }

    [Fact]
    public async Task No_route_that_changes_something_takes_what_a_form_sends()
    {
        var ana = await server.SomebodyAsync();
        var takers = Routes.Where(it => it.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { } accepts
            && !accepts.ContentTypes.Contains("application/json")).Select(it => (it.Method, it.Path)).ToList();
        foreach (var (method, path) in Unsafe.Except(takers))
            foreach (var type in s_forms)
                foreach (var body in (byte[][])[[], "a=b"u8.ToArray()])
                {
                    if (body.Length == 0 && type == "text/plain") continue; // some clients always say so
                    using var content = new ByteArrayContent(body);
                    content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
                    using var answer = await ana.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = content });
                    Assert.True(HttpStatusCode.UnsupportedMediaType == answer.StatusCode, $"{method} {path} took {body.Length} bytes of {type}: {answer.StatusCode}");
                }
    }

    [Fact]
    public async Task Every_routes_answer_carries_the_headers_that_protect_it_and_is_kept_by_no_cache()
    {
        using var stranger = server.Stranger();
        var ana = await server.SomebodyAsync();
        foreach (var (method, path, _) in Routes.Append(("GET", "/", null!)).Append(("GET", "/no/such/page", null!)).Append(("PUT", "/", null!)))
            foreach (var client in (Client[])[stranger, ana])
            {
                if (method == "DELETE" && path.EndsWith("/session", StringComparison.Ordinal)) continue; // somebody is shared
                using var answer = await client.SendAsync(new HttpMethod(method), path);
                var where = $"{method} {path} ({(int)answer.StatusCode})";
                string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

                Assert.True(Header("X-Content-Type-Options") == "nosniff", where);
                Assert.True(Header("Referrer-Policy") == "same-origin", where);
                Assert.True(Header("Cross-Origin-Resource-Policy") == "same-origin", where);
                Assert.True(Header("Permissions-Policy").Contains("camera=()", StringComparison.Ordinal), where);
                Assert.True(Header("Content-Security-Policy").StartsWith("default-src 'none'", StringComparison.Ordinal), where);
                Assert.True(Header("Content-Security-Policy").Contains("frame-ancestors 'none'", StringComparison.Ordinal), where);
                Assert.True(!Header("Content-Security-Policy").Contains("unsafe-inline", StringComparison.Ordinal) || path.StartsWith("/api/docs", StringComparison.Ordinal), where);
                Assert.True(Header("Cross-Origin-Embedder-Policy") == "" && Header("Access-Control-Allow-Origin") == "", where);
                if (path.StartsWith("/api/v1", StringComparison.Ordinal) || path.StartsWith("/api/users", StringComparison.Ordinal))
                    Assert.True(Header("Cache-Control").Contains("no-store", StringComparison.Ordinal), where);
            }
    }

    // Things that are not there: a route answers before it does anything.
    static string PathOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part =>
        part is RoutePatternLiteralPart literal ? literal.Content : "999999"))));
}
