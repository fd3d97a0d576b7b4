using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A room's history over HTTP.</summary>
internal static class Pages
{
    /// <summary>All messages by <c>seq</c>, read page by page from the first one on.</summary>
    /// <param name="http">Knows the server and who asks.</param>
    /// <param name="room">Which room.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="HttpRequestException">The server said no, or nothing.</exception>
    public static async Task<IReadOnlyList<Message>> ReadAsync(HttpClient http, long room, CancellationToken ct)
    {
        var all = new List<Message>();
        while (true)
        {
            var after = all.Count == 0 ? 0 : all[^1].Seq;
            using var answer = await http.GetAsync(new Uri($"/api/v1/rooms/{room}/messages?after={after}&limit=100", UriKind.Relative), ct);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(ct);
            var page = (await JsonSerializer.DeserializeAsync(body, ProtocolJson.Wire.MessagePage, ct))!;
            all.AddRange(page.Messages);
            if (!page.HasAfter) return all;
        }
    }
}
