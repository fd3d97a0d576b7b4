using System.Text;

namespace Olha.Proof.Tests.Conformance;

/// <summary>Bytes that are sent as one, and what must come of them: exactly these answers, and exactly these messages.</summary>
/// <param name="Name">What is tried.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="Answers">The statuses, in order.</param>
/// <param name="Closes">Whether the connection must end then; otherwise the next request on it is answered as ever.</param>
/// <param name="Outer">How often the first request's message is said.</param>
/// <param name="Inner">How often the message is said whose request hides in, or follows, the first one.</param>
internal sealed record Exchange(string Name, Func<Sender, string> Bytes, int[] Answers, bool Closes, int Outer = 0, int Inner = 0)
{
    /// <summary>Refused, the connection closed, nothing said.</summary>
    public static Exchange Refused(string name, Func<Sender, string> bytes, int status = 400) => new(name, bytes, [status], Closes: true);

    /// <summary>Taken, and the connection is good for the next request.</summary>
    public static Exchange Taken(string name, Func<Sender, string> bytes) => new(name, bytes, [201], Closes: false, Outer: 1);

    /// <summary>Sends it on a connection of its own and sees what comes.</summary>
    internal async Task RunAsync(ConformanceServer server, CancellationToken ct)
    {
        var sender = new Sender(server);
        await using var connection = await RawConnection.OpenAsync(server.Address, ct);
        await connection.SendAsync(Encoding.Latin1.GetBytes(Bytes(sender)), ct);

        var statuses = new List<int?>();
        while (statuses.Count < Answers.Length) statuses.Add((await HttpAnswer.ReadAsync(connection, ct))?.Status);
        if (!Closes)
        {
            await connection.SendAsync(Encoding.Latin1.GetBytes($"GET /health HTTP/1.1\r\nHost: {sender.Host}\r\nConnection: close\r\n\r\n"), ct);
            statuses.Add((await HttpAnswer.ReadAsync(connection, ct))?.Status);
        }
        statuses.Add((await HttpAnswer.ReadAsync(connection, ct))?.Status);

        Assert.Equal([.. Answers.Select(static it => (int?)it), .. Closes ? (int?[])[null] : [200, null]], statuses);
        Assert.Equal((Outer, Inner), await server.HeardAsync(sender.OuterBody, sender.InnerBody));
    }
}

/// <summary>Writes the requests of one exchange.</summary>
internal sealed class Sender(ConformanceServer server)
{
    readonly string _number = $"{Guid.NewGuid():N}";

    public string OuterBody => $"outer {_number}";

    public string InnerBody => $"inner {_number}";

    public string Host => server.Address.Authority;

    public string Token => server.Speaker.Token;

    /// <summary>The first request's body.</summary>
    public string Json => $$"""{"cid":"o{{_number}}","body":"{{OuterBody}}"}""";

    /// <summary>The head of a request to say something, up to and with the empty line.</summary>
    /// <param name="headers">Lines besides, without the last line end; usually how long the body is.</param>
    /// <param name="version">The protocol's.</param>
    public string Head(string headers, string version = "HTTP/1.1") =>
        $"POST /api/v1/rooms/1/messages {version}\r\nHost: {Host}\r\nAuthorization: Bearer {Token}\r\nContent-Type: application/json\r\n{headers}\r\n\r\n";

    /// <summary>A sound request that says <see cref="InnerBody"/>.</summary>
    public string Inner
    {
        get
        {
            var json = $$"""{"cid":"i{{_number}}","body":"{{InnerBody}}"}""";
            return Head($"Content-Length: {json.Length}") + json;
        }
    }

    /// <summary>The first request whole, its body in one chunk.</summary>
    /// <param name="size">Makes the chunk's first line of the size that it should have, with its line end.</param>
    /// <param name="after">What stands behind the chunk's bytes.</param>
    /// <param name="end">The last chunk and the trailers.</param>
    public string Chunked(Func<int, string> size, string after = "\r\n", string end = "0\r\n\r\n") =>
        Head("Transfer-Encoding: chunked") + size(Json.Length) + Json + after + end;
}
