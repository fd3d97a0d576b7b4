using System.Net.Sockets;
using System.Text;

namespace Olha.Server.Tests.Cluster;

/// <summary>A request that is under way for as long as a test likes: blanks before its JSON come in all the time.</summary>
internal sealed class SlowPost : IAsyncDisposable
{
    // Faster than what a server takes for an attack.
    const int Blanks = 500;
    static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(250);

    readonly TcpClient _client = new();
    readonly CancellationTokenSource _enough = new();
    readonly string _body;
    Task _coming = Task.CompletedTask;

    SlowPost(string body) => _body = body;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Begins to say something in General.</summary>
    public static async Task<SlowPost> BeginAsync(Guest who, string body)
    {
        var post = new SlowPost(body);
        await post._client.ConnectAsync(who.Address.Host, who.Address.Port, Ct);
        await post.WriteAsync($"POST /api/v1/rooms/1/messages HTTP/1.1\r\nHost: {who.Address.Authority}\r\nAuthorization: Bearer {who.Token}\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        post._coming = post.TrickleAsync();
        return post;
    }

    /// <summary>Says the rest.</summary>
    /// <returns>The first line of the answer.</returns>
    public async Task<string> FinishAsync()
    {
        await EndTrickleAsync();
        await WriteChunkAsync($$"""{"cid":"slow","body":"{{_body}}"}""");
        await WriteAsync("0\r\n\r\n");
        using var reader = new StreamReader(_client.GetStream());
        return await reader.ReadLineAsync(Ct) ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        await EndTrickleAsync();
        _client.Dispose();
        _enough.Dispose();
    }

    async Task TrickleAsync()
    {
        while (!_enough.IsCancellationRequested)
        {
            await WriteChunkAsync(new string(' ', Blanks));
            await Task.Delay(s_every, _enough.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task EndTrickleAsync()
    {
        await _enough.CancelAsync();
        await _coming;
    }

    Task WriteChunkAsync(string text) => WriteAsync($"{text.Length:x}\r\n{text}\r\n");

    Task WriteAsync(string text) => _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Ct).AsTask();
}
