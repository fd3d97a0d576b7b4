using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Olha.Proof;

/// <summary>Requests that the run itself makes, before the first and after the last step: they must succeed.</summary>
internal static class Asking
{
    static readonly HttpClient s_http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(20) };

    /// <exception cref="ProofException">It was not answered with what was asked for.</exception>
    public static async Task<T> AskAsync<T>(
        HttpMethod method, Uri node, string path, string? token, string? body, JsonTypeInfo<T> form, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(node, "/api/v1/" + path));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var answer = await s_http.SendAsync(request, ct);
        var said = await answer.Content.ReadAsByteArrayAsync(ct);
        if (!answer.IsSuccessStatusCode)
            throw new ProofException($"{method} {path} was answered with {(int)answer.StatusCode}: {Encoding.UTF8.GetString(said)}");
        return JsonSerializer.Deserialize(said, form)!;
    }

    public static Task<T> GetAsync<T>(Uri node, string path, string token, JsonTypeInfo<T> form, CancellationToken ct) =>
        AskAsync(HttpMethod.Get, node, path, token, null, form, ct);
}
