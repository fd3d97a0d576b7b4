using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Olha.Server.Tests.Http;

/// <summary>What is no sound request: each route answers with a problem, never with a 500.</summary>
public sealed class BadInputTests(ChatServer server) : IClassFixture<ChatServer>
{
    /// <summary>Every route that takes a body: method, path, a field and the JSON type it does not have.</summary>
    public static TheoryData<string, string, string> Bodies => new()
    {
        { "POST", "/api/v1/users", """{"username":7}""" },
        { "POST", "/api/v1/sessions", """{"password":["a"]}""" },
        { "PATCH", "/api/v1/me", """{"displayName":{}}""" },
        { "POST", "/api/v1/rooms", """{"kind":"secret","name":"x"}""" },
        { "POST", "/api/v1/rooms/direct", """{"userIds":["1"]}""" },
        { "PATCH", "/api/v1/rooms/1", """{"archived":"yes"}""" },
        { "PUT", "/api/v1/rooms/1/read", """{"mark":"1","replaces":0}""" },
        { "POST", "/api/v1/rooms/1/messages", """{"cid":1,"body":"x"}""" },
        { "POST", "/api/users", """{"username":true}""" },
        { "POST", "/api/users/login", """{"username":null,"password":1.5}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_of_the_wrong_shape_is_refused(string method, string path, string wrongType)
    {
        var ana = await server.SomebodyAsync();
        foreach (var body in (string[])[wrongType, "[]", "7", "\"text\"", "null", "true"])
            await AssertRefusedAsync(ana, method, path, body, 400, "invalid_field");
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_no_JSON_is_refused(string method, string path, string wrongType)
    {
        Assert.NotEmpty(wrongType);
        var ana = await server.SomebodyAsync();
        foreach (var body in (string[])["{", "{\"a\":}", "nonsense", "{} {}", "{'a':1}", "{\"a\":[1}", "\u0000"])
            await AssertRefusedAsync(ana, method, path, body, 400, "invalid_json");
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_too_deep_or_no_UTF8_is_refused(string method, string path, string wrongType)
    {
        var ana = await server.SomebodyAsync();
        var deep = $$"""{"deep":{{new string('[', 100)}}{{new string(']', 100)}}}""";
        await AssertRefusedAsync(ana, method, path, deep, 400, "invalid_json");

        var field = Encoding.UTF8.GetBytes(wrongType.Split('"')[1]);
        foreach (var bytes in (byte[][])[[.. "{\""u8, .. field, .. "\":\""u8, 0xC3, 0x28, .. "\"}"u8], [.. "{}"u8, 0xFF], [0xEF, 0xBB]])
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await ana.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = content });
            Assert.Equal(400, (await response.ProblemAsync()).Status);
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Half_a_character_is_refused(string method, string path, string wrongType)
    {
        var ana = await server.SomebodyAsync();
        var field = wrongType.Split('"')[1];
        using var response = await ana.SendAsync(new HttpMethod(method), path, $$"""{"{{field}}":"\ud800"}""");
        Assert.Equal(400, (await response.ProblemAsync()).Status);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_over_64_KiB_is_refused_announced_or_not(string method, string path, string wrongType)
    {
        var ana = await server.SomebodyAsync();
        var big = $$"""{"{{wrongType.Split('"')[1]}}":"{{new string('x', 70_000)}}"}""";
        foreach (var chunked in (bool[])[false, true])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(big, Encoding.UTF8, "application/json") };
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await ana.SendAsync(request);
            var problem = await response.ProblemAsync();
            Assert.Equal((413, "too_big", 65536L), (problem.Status, problem.Code, problem.Params!["limit"]));
        }
    }

    // Who sends it all before they read is not hung up on: the answer was lost in the broken connection.
    [Theory]
    [InlineData("Content-Length: 3145728\r\n\r\n", "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n300000\r\n", "\r\n0\r\n\r\n")]
    public async Task Who_sends_far_too_much_hears_why_and_goes_on(string before, string after)
    {
        var ct = TestContext.Current.CancellationToken;
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Address.Host, server.Address.Port, ct);
        await using var stream = tcp.GetStream();
        var head = $"POST /api/v1/sessions HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: application/json\r\n{before}";

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}\""), ct);
        await stream.WriteAsync(Enumerable.Repeat((byte)'x', (3 << 20) - 1).ToArray(), ct);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{after}GET /api/v1/about HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: close\r\n\r\n"), ct);
        using var reader = new StreamReader(stream);
        var answers = await reader.ReadToEndAsync(ct);

        Assert.StartsWith("HTTP/1.1 413 ", answers, StringComparison.Ordinal);
        Assert.Contains("too_big", answers, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 ", answers, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_must_say_that_it_is_JSON(string method, string path, string wrongType)
    {
        var ana = await server.SomebodyAsync();
        foreach (var type in (string?[])["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/json; charset=nonsense", "nonsense", null])
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(wrongType));
            if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var response = await ana.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = content });
            var problem = await response.ProblemAsync();
            Assert.Equal((415, "not_json"), (problem.Status, problem.Code));
        }
    }

    // A value in quotes is the same value; it was a 500.
    [Theory]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; charset=\"UTF-8\"; q=1")]
    [InlineData("application/json;charset=utf-8")]
    public async Task Utf_8_may_stand_in_quotes(string type)
    {
        var ana = await server.SomebodyAsync();
        using var content = new ByteArrayContent("""{"status":"sou eu"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await ana.SendAsync(new HttpRequestMessage(HttpMethod.Patch, "/api/v1/me") { Content = content });

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_missing_body_is_refused(string method, string path, string wrongType)
    {
        Assert.NotEmpty(wrongType);
        var ana = await server.SomebodyAsync();
        await AssertRefusedAsync(ana, method, path, "", 400, "invalid_field");
        using var response = await ana.SendAsync(new HttpMethod(method), path);
        Assert.Contains((await response.ProblemAsync()).Status, (int[])[400, 415]);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Fields_that_nobody_knows_are_ignored(string method, string path, string wrongType)
    {
        Assert.NotEmpty(wrongType);
        var ana = await server.SomebodyAsync();
        using var response = await ana.SendAsync(new HttpMethod(method), path, """{"nobodyKnows":{"this":[1,2,3]}}""");
        if (!response.IsSuccessStatusCode) Assert.NotEqual("invalid_json", (await response.ProblemAsync()).Code);
    }

    [Theory]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/")]
    [InlineData("GET", "/api/v1")]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("POST", "/api/v1/nothing")]
    [InlineData("GET", "/api/v2/me")]
    [InlineData("GET", "/api/v1/rooms/abc")]
    [InlineData("GET", "/api/v1/rooms/1.5")]
    [InlineData("GET", "/api/v1/rooms/-1")]
    [InlineData("GET", "/api/v1/rooms/0")]
    [InlineData("GET", "/api/v1/rooms/9223372036854775807")]
    [InlineData("GET", "/api/v1/rooms/9223372036854775808")]
    [InlineData("GET", "/api/v1/rooms/99999999999999999999999999")]
    [InlineData("POST", "/api/v1/rooms/abc/join")]
    [InlineData("POST", "/api/v1/rooms/999999/join")]
    [InlineData("POST", "/api/v1/rooms/999999/leave")]
    [InlineData("GET", "/api/v1/rooms/abc/members")]
    [InlineData("GET", "/api/v1/rooms/999999/members")]
    [InlineData("PUT", "/api/v1/rooms/1/members/abc")]
    [InlineData("PUT", "/api/v1/rooms/1/members/999999")]
    [InlineData("PUT", "/api/v1/rooms/1/members/-1")]
    [InlineData("PUT", "/api/v1/rooms/999999/members/1")]
    [InlineData("DELETE", "/api/v1/rooms/999999/members/1")]
    [InlineData("GET", "/api/v1/rooms/abc/messages")]
    [InlineData("GET", "/api/v1/rooms/999999/messages")]
    [InlineData("GET", "/api/v1/rooms/1/messages/abc")]
    [InlineData("GET", "/api/v1/rooms/999999/changes?after=0")]
    [InlineData("GET", "/api/ws/abc")]
    public async Task What_is_not_there_is_404(string method, string path)
    {
        var ana = await server.SomebodyAsync();
        await AssertRefusedAsync(ana, method, path, null, 404, "not_found");
    }

    [Theory]
    [InlineData("PATCH", "/api/v1/rooms/999999", """{"name":"x"}""")]
    [InlineData("PUT", "/api/v1/rooms/999999/read", """{"mark":0,"replaces":0}""")]
    [InlineData("POST", "/api/v1/rooms/999999/messages", """{"cid":"a","body":"x"}""")]
    public async Task So_is_what_is_not_there_when_it_is_written_to(string method, string path, string body)
    {
        var ana = await server.SomebodyAsync();
        await AssertRefusedAsync(ana, method, path, body, 404, "not_found");
    }

    [Theory]
    [InlineData("PUT", "/api/v1/rooms")]
    [InlineData("POST", "/api/v1/me")]
    [InlineData("GET", "/api/v1/rooms/1/join")]
    [InlineData("POST", "/api/v1/about")]
    [InlineData("GET", "/api/users")]
    [InlineData("TRACE", "/api/v1/rooms")]
    public async Task A_method_that_an_address_does_not_take_is_405(string method, string path)
    {
        var ana = await server.SomebodyAsync();
        await AssertRefusedAsync(ana, method, path, null, 405, "wrong_method");
    }

    [Theory]
    [InlineData("/api/v1/me/changes?after=abc")]
    [InlineData("/api/v1/me/changes?after=99999999999999999999")]
    [InlineData("/api/v1/people/changes?after=1.5")]
    [InlineData("/api/v1/rooms/open?query=%00")]
    [InlineData("/api/v1/rooms/open?after=a%00b")]
    [InlineData("/api/v1/rooms/1/messages?limit=abc")]
    [InlineData("/api/v1/rooms/1/messages?limit=0")]
    [InlineData("/api/v1/rooms/1/messages?limit=201")]
    [InlineData("/api/v1/rooms/1/messages?before=1&after=2")]
    [InlineData("/api/v1/rooms/1/messages?before=x")]
    [InlineData("/api/v1/rooms/1/changes?after=x")]
    [InlineData("/api/v1/rooms/1/changes?after=0&limit=501")]
    public async Task An_unsound_query_is_refused(string path)
    {
        var ana = await server.SomebodyAsync();
        await AssertRefusedAsync(ana, "GET", path, null, 400, "invalid_field");
    }

    [Theory]
    [InlineData("/api/v1/me/changes?after=-1")]
    [InlineData("/api/v1/me/changes?after=9223372036854775807")]
    [InlineData("/api/v1/people/changes?after=-9223372036854775808")]
    [InlineData("/api/v1/rooms/open?query=%25_!%27%22;--&after=%F0%9F%98%80")]
    [InlineData("/api/v1/rooms/open?query=%FF%FE")]
    public async Task An_odd_one_that_is_sound_is_answered(string path)
    {
        var ana = await server.SomebodyAsync();
        using var response = await ana.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    static async Task AssertRefusedAsync(Guest guest, string method, string path, string? body, int status, string code)
    {
        using var response = await guest.SendAsync(new HttpMethod(method), path, body);
        var problem = await response.ProblemAsync();
        Assert.True((status, code) == (problem.Status, problem.Code), $"{method} {path} {body}: {problem.Status} {problem.Code}");
    }
}

/// <summary>When the database can't be reached.</summary>
[Trait(ChatServer.Inside, "takes the database away")]
public sealed class UnavailableTests
{
    [Fact]
    public async Task It_says_so_and_when_to_come_back()
    {
        await using var server = await ChatServer.StartAsync(options => options);
        var ana = await server.SomebodyAsync();
        await server.Get<Olha.Storage.Database>().DisposeAsync();

        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "/api/v1/rooms"), (HttpMethod.Post, "/api/v1/rooms/1/join")])
        {
            using var response = await ana.SendAsync(method, path);
            var problem = await response.ProblemAsync();
            Assert.Equal((503, "unavailable", true), (problem.Status, problem.Code, problem.Retry));
            Assert.NotNull(response.Headers.RetryAfter);
        }
    }
}
