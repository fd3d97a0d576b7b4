using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What a request came to. Exactly one holds: <see cref="Value"/> (or nothing, where nothing is the answer), <see cref="Refusal"/>,
/// <see cref="Broken"/>, or <see cref="Lost"/>.</summary>
/// <param name="Value">What was answered.</param>
/// <param name="Refusal">The problem that was answered.</param>
/// <param name="Lost">No answer came, or not all of it.</param>
/// <param name="Broken">What came and should never come.</param>
internal sealed record Reply<T>(T? Value, Problem? Refusal = null, bool Lost = false, string? Broken = null) where T : class
{
    public bool Done => Refusal is null && !Lost && Broken is null;

    public Outcome Outcome => Lost ? Outcome.Unknown : Broken is not null ? Outcome.Broken : Refusal is not null ? Outcome.Refused : Outcome.Done;

    public string? Code => Broken ?? Refusal?.Code;
}

/// <summary>A device's way to the server over HTTP: through its own lines, to the node that it believes in at the moment.</summary>
internal sealed class Api(Stage stage, Lines lines, string token, int node) : IDisposable
{
    readonly HttpClient _http = new(lines.NewHandler()) { Timeout = TimeSpan.FromSeconds(8) };
    int _node = node;

    /// <summary>Where it goes now.</summary>
    public Uri Address => stage.Nodes[_node % stage.Nodes.Count];

    /// <summary>What sockets are opened with.</summary>
    public HttpMessageInvoker Invoker => _http;

    /// <summary>After a broken connection: the next node.</summary>
    public void GoOn() => Interlocked.Increment(ref _node);

    public Task<Reply<T>> GetAsync<T>(string path, JsonTypeInfo<T> form, CancellationToken ct) where T : class =>
        AskAsync(HttpMethod.Get, path, null, form, ct);

    /// <param name="method">As HTTP has it.</param>
    /// <param name="path">Under <c>/api/v1/</c>.</param>
    /// <param name="body">JSON; null: none.</param>
    /// <param name="form">Of the answer.</param>
    /// <param name="ct">Ends the wait; the outcome is then <see cref="Outcome.Unknown"/> to the device.</param>
    public async Task<Reply<T>> AskAsync<T>(HttpMethod method, string path, string? body, JsonTypeInfo<T> form, CancellationToken ct) where T : class
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        HttpStatusCode status;
        byte[] said;
        try
        {
            using var response = await _http.SendAsync(request, ct);
            status = response.StatusCode;
            said = await response.Content.ReadAsByteArrayAsync(ct);
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException || (cause is OperationCanceledException && !ct.IsCancellationRequested))
        {
            GoOn();
            return new Reply<T>(null, Lost: true);
        }
        try
        {
            if ((int)status < 300)
                return new Reply<T>(said.Length == 0 ? null : JsonSerializer.Deserialize(said, form));
            var problem = JsonSerializer.Deserialize(said, ProtocolJson.Wire.Problem);
            return problem is { Code.Length: > 0 } && problem.Status == (int)status && (int)status is < 500 or 503
                ? new Reply<T>(null, problem)
                : new Reply<T>(null, Broken: $"{(int)status} {problem?.Code}");
        }
        catch (JsonException)
        {
            return new Reply<T>(null, Broken: $"{(int)status} with a body that is none of ours ({said.Length} bytes)");
        }
    }

    public void Dispose() => _http.Dispose();
}
