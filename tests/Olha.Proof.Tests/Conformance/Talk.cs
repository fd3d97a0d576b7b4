using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Olha.Proof.Tests.Conformance;

/// <summary>How bytes are cut into packets.</summary>
internal enum Chop { Together, ByFrame, ByOctet }

/// <summary>A text to say so that the server says it back.</summary>
/// <param name="Payload">What goes into frames.</param>
/// <param name="At">Where in it the text begins.</param>
/// <param name="Echo">What is heard when it came whole: see <see cref="Talk.HearAsync()"/>.</param>
/// <param name="Body">What the others hear.</param>
internal sealed record Said(byte[] Payload, int At, string Echo, string Body);

/// <summary>One case's conversation with one of the doors. The suite that numbers the cases talks to a server that echoes; here what is said
/// comes back as the message that it became.</summary>
internal abstract class Talk(RawWebSocket wire, ConformanceServer server, string tag) : IAsyncDisposable
{
    const string End = "end", Cut = "cut";
    static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    int _said;

    protected RawWebSocket Wire => wire;

    protected ConformanceServer Server => server;

    protected string Tag => tag;

    public abstract Door Door { get; }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Talk> OpenAsync(ConformanceServer server, Door door, string tag)
    {
        var v1 = door == Door.Socket;
        var wire = await RawWebSocket.OpenAsync(server.Address, RawWebSocket.Request(
            server.Address, v1 ? "/api/v1/socket" : $"/api/ws/{server.Speaker.Id}",
            ("Cookie", $"olha_session={server.Speaker.Token}"), ("Sec-WebSocket-Protocol", v1 ? "olha.v1" : null)), Ct);
        Assert.Equal(101, wire.Answer.Status);
        if (!v1) return new OriginalTalk(wire, server, tag);
        await wire.SayAsync("""{"type":"hello"}""", Ct);
        return new ClientTalk(wire, server, tag);
    }

    /// <summary>Something to say. Every text is another one, by the case's number and how many came before.</summary>
    public Said Say(string text = "Hello, world!") => Say(text, $"{tag}-{++_said}");

    /// <summary>Something to say whose payload has so many bytes.</summary>
    public Said SayBytes(int bytes)
    {
        var number = $"{tag}-{++_said}";
        return Say(new string('*', 1 + bytes - Say("*", number).Payload.Length), number);
    }

    protected abstract Said Say(string text, string number);

    /// <summary>What a text frame means for this conversation; null: it is about others.</summary>
    protected abstract string? MeaningOf(ReadOnlyMemory<byte> text);

    public Task SendAsync(params RawFrame[] frames) => SendAsync(Chop.Together, frames);

    public async Task SendAsync(Chop chop, params RawFrame[] frames)
    {
        if (chop == Chop.Together) await wire.SendAsync(Ct, frames);
        else
            foreach (var frame in frames) await SendRawAsync(frame.ToBytes(), chop == Chop.ByFrame ? int.MaxValue : 1);
    }

    /// <summary>Sends bytes in packets of this size.</summary>
    public Task SendRawAsync(ReadOnlyMemory<byte> bytes, int size = int.MaxValue) => wire.Connection.SendAsync(bytes, size, Ct);

    public Task SayAsync(Said said, Chop chop = Chop.Together) => SendAsync(chop, new RawFrame(RawFrame.Text, said.Payload));

    /// <summary>The next thing that concerns this conversation: <c>echo …</c>, <c>refused code</c>, <c>pong hex</c>, <c>close code</c>,
    /// <c>end</c> or, when the connection was reset, <c>cut</c>.</summary>
    public async Task<string> HearAsync()
    {
        while (await wire.ReadAsync(Ct) is { } frame)
        {
            switch (frame.Opcode)
            {
                case RawFrame.Pong: return Pong(frame.Payload.Span);
                case RawFrame.Close: return frame.Payload.IsEmpty ? "close" : $"close {BinaryPrimitives.ReadUInt16BigEndian(frame.Payload.Span)}";
                case RawFrame.Text when MeaningOf(frame.Payload) is { } meaning: return meaning;
            }
        }
        return wire.Connection.EndedCleanly == true ? End : Cut;
    }

    /// <summary>Others heard nothing of it.</summary>
    public async Task NobodyHeardAsync(Said said) => Assert.Equal(0, await server.HeardAsync(said.Body));

    /// <summary>Hears exactly this, in this order.</summary>
    public async Task HearAsync(params string[] expected)
    {
        foreach (var one in expected) Assert.Equal(one, await HearAsync());
    }

    /// <summary>The server fails the connection with this code, and ends it at once. What was said before is told to the others as ever,
    /// once; to us only if that is quicker: an echo waits for its commit, and a close goes before all that waits.</summary>
    public async Task FailsAsync(int code, params Said[] before)
    {
        var heard = await HearAsync();
        foreach (var said in before)
            if (heard == said.Echo) heard = await HearAsync();
        Assert.Equal($"close {code}", heard);
        await EndsAsync(code);
        foreach (var said in before) Assert.Equal(1, await server.HeardAsync(said.Body));
    }

    /// <summary>After the server's close: it ends the connection soon after our answer, as RFC 6455, 7.1.1 asks of a server.</summary>
    public async Task EndsAsync(int code)
    {
        await SendAsync(RawFrame.Closing(code));
        var since = Stopwatch.GetTimestamp();
        await HearAsync(End);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, s_soon);
    }

    /// <summary>The connection still works, and closes as it should.</summary>
    public async Task StillWorksAsync()
    {
        var said = Say("still here");
        await SayAsync(said);
        await HearAsync(said.Echo);
        await SendAsync(RawFrame.Closing(1000));
        await ClosesAsync(1000);
    }

    /// <summary>The server answers our close with this code, and ends the connection.</summary>
    public async Task ClosesAsync(int code) => await HearAsync($"close {code}", End);

    public static string Pong(ReadOnlySpan<byte> payload) => $"pong {Convert.ToHexString(payload)}";

    public ValueTask DisposeAsync() => wire.DisposeAsync();
}

/// <summary>At the v1 door a text is a post: it comes back as the message of its <c>cid</c>, and is acknowledged.</summary>
internal sealed class ClientTalk(RawWebSocket wire, ConformanceServer server, string tag) : Talk(wire, server, tag)
{
    readonly HashSet<string> _acknowledged = [];
    readonly Dictionary<string, string> _echoes = [];

    public override Door Door => Door.Socket;

    protected override Said Say(string text, string number)
    {
        // A control character cannot stand in JSON as it is.
        var start = $$"""{"type":"post","roomId":{{Server.RoomId}},"cid":"{{number}}","body":"{{number}} """;
        var body = string.Concat(text.Select(static it => it < ' ' ? $"\\u{(int)it:x4}" : $"{it}"));
        return new(Encoding.UTF8.GetBytes(start + body + "\"}"), start.Length, $"echo {number} {text}", $"{number} {text}");
    }

    protected override string? MeaningOf(ReadOnlyMemory<byte> text)
    {
        var frame = JsonElement.Parse(text.Span);
        switch (frame.GetProperty("type").GetString())
        {
            case "ack" when IsOurs(frame.GetProperty("cid")):
                Assert.True(_acknowledged.Add(frame.GetProperty("cid").GetString()!), "Acknowledged twice.");
                return EchoOf(frame.GetProperty("cid").GetString()!);
            case "message" when frame.GetProperty("message") is var message && message.TryGetProperty("cid", out var cid) && IsOurs(cid):
                _echoes[cid.GetString()!] = $"echo {message.GetProperty("body").GetString()}";
                return EchoOf(cid.GetString()!);
            case "refused" when frame.TryGetProperty("cid", out var cid) ? IsOurs(cid) : true:
                return $"refused {frame.GetProperty("code").GetString()}";
            default: return null;
        }
    }

    // It is the echo when both have come, whichever was first.
    string? EchoOf(string cid) => _acknowledged.Contains(cid) ? _echoes.GetValueOrDefault(cid) : null;

    bool IsOurs(JsonElement cid) => cid.GetString()!.StartsWith(Tag + "-", StringComparison.Ordinal);
}

/// <summary>At the original's door a text is what it says: it comes back as the <c>Chat</c> that all hear.</summary>
internal sealed class OriginalTalk(RawWebSocket wire, ConformanceServer server, string tag) : Talk(wire, server, tag)
{
    public override Door Door => Door.Original;

    protected override Said Say(string text, string number)
    {
        var said = $"{number} {text}";
        return new(Encoding.UTF8.GetBytes(said), number.Length + 1, $"echo {said}", said);
    }

    protected override string? MeaningOf(ReadOnlyMemory<byte> text)
    {
        var frame = JsonElement.Parse(text.Span);
        var content = frame.GetProperty("content").GetString()!;
        if (frame.GetProperty("type").GetString() == "Chat") return content.StartsWith(Tag + "-", StringComparison.Ordinal) ? $"echo {content}" : null;
        return content == "The text holds characters that cannot be shown." ? "refused invalid_text" : null;
    }
}
