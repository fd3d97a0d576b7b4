using System.Diagnostics;
using System.Text;

namespace Olha.Proof.Tests.Conformance;

/// <summary>Requests as no client should write them, to the program as it is shipped: what is refused ends the connection, and nobody is
/// heard whose request hid in another.</summary>
public sealed class RequestTests(ConformanceServer server) : IClassFixture<ConformanceServer>
{
    static readonly Dictionary<string, Exchange> s_exchanges =
        new[] { FramingExchanges.All, HeadExchanges.All }.SelectMany(static it => it).ToDictionary(static it => Readable(it.Name));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. s_exchanges.Keys];

    [Theory, MemberData(nameof(Names))]
    public Task Exactly_these_requests_are_seen(string name) => s_exchanges[name].RunAsync(server, Ct);

    [Fact]
    public async Task The_preface_of_HTTP2_is_no_request()
    {
        var sender = new Sender(server);
        await using var connection = await RawConnection.OpenAsync(server.Address, Ct);

        // An empty SETTINGS frame follows it, and then what a front that speaks no HTTP/2 might let through.
        await connection.SendAsync(Encoding.Latin1.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0" + sender.Inner), Ct);

        var answered = Encoding.Latin1.GetString(await connection.ReadToEndAsync(Ct));
        Assert.DoesNotContain("201", answered, StringComparison.Ordinal);
        Assert.Equal(0, await server.HeardAsync(sender.InnerBody));
    }

    [Fact]
    public async Task Headers_that_come_drop_by_drop_are_not_waited_for()
    {
        var since = Stopwatch.GetTimestamp();
        await using var connection = await RawConnection.OpenAsync(server.Address, Ct);
        await connection.SendAsync(Encoding.Latin1.GetBytes($"GET /health HTTP/1.1\r\nHost: {server.Address.Authority}\r\n"), Ct);
        var answer = HttpAnswer.ReadAsync(connection, Ct);
        for (var i = 0; !answer.IsCompleted; i++)
        {
            await connection.SendAsync(Encoding.Latin1.GetBytes($"X{i}: y\r\n"), Ct);
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(1), Ct));
        }

        Assert.Equal(408, (await answer)?.Status);
        Assert.Null(await HttpAnswer.ReadAsync(connection, Ct));
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task A_request_is_seen_once_however_it_is_cut_into_packets()
    {
        foreach (var size in (int[])[1, 2, 7, 64])
        {
            var sender = new Sender(server);
            await using var connection = await RawConnection.OpenAsync(server.Address, Ct);
            await connection.SendAsync(Encoding.Latin1.GetBytes(sender.Chunked(static n => $"{n:x};a=b\r\n") + sender.Inner), size, Ct);
            Assert.Equal(201, (await HttpAnswer.ReadAsync(connection, Ct))?.Status);
            Assert.Equal(201, (await HttpAnswer.ReadAsync(connection, Ct))?.Status);
            Assert.Equal((1, 1), await server.HeardAsync(sender.OuterBody, sender.InnerBody));
        }
    }

    // Control characters would not come through a test's name.
    static string Readable(string name) => string.Concat(name.Select(static it => it switch
    {
        '\r' => "\\r",
        '\n' => "\\n",
        '\t' => "\\t",
        < ' ' or > '~' => $"\\x{(int)it:x2}",
        _ => it.ToString(),
    }));
}
