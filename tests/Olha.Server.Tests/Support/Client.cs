using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Server.Tests;

/// <summary>Speaks HTTP to the server as a program would: no cookies of its own accord, JSON as it travels.</summary>
public class Client : IDisposable
{
    readonly HttpClient _http;

    public Client(Uri address, string? token = null)
    {
        (Address, Token) = (address, token);
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = address };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Where the server is.</summary>
    public Uri Address { get; }

    /// <summary>The session's secret; null: a stranger.</summary>
    public string? Token { get; }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);

    /// <summary>Sends a body as it is: a <c>string</c> is JSON text, anything else one of the protocol's records, null no body.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body as string ?? Json(body), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return SendAsync(request);
    }

    public Task<T> GetAsync<T>(string path) => ReadAsync<T>(SendAsync(HttpMethod.Get, path));
    public Task<T> PostAsync<T>(string path, object? body) => ReadAsync<T>(SendAsync(HttpMethod.Post, path, body));
    public Task<T> PutAsync<T>(string path, object? body) => ReadAsync<T>(SendAsync(HttpMethod.Put, path, body));
    public Task<T> PatchAsync<T>(string path, object? body) => ReadAsync<T>(SendAsync(HttpMethod.Patch, path, body));

    public Task<T> DeleteAsync<T>(string path) => ReadAsync<T>(SendAsync(HttpMethod.Delete, path));

    /// <summary>Expects a refusal and gives it back.</summary>
    public async Task<Problem> RefusedAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(method, path, body, headers);
        return await response.ProblemAsync();
    }

    /// <summary>Expects that it is done and that there is nothing to say about it.</summary>
    public async Task DoneAsync(HttpMethod method, string path, object? body = null)
    {
        using var response = await SendAsync(method, path, body);
        Assert.Equal((HttpStatusCode.NoContent, ""), (response.StatusCode, await response.Content.ReadAsStringAsync(Ct)));
    }

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    static async Task<T> ReadAsync<T>(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return (T)JsonSerializer.Deserialize(text, ProtocolJson.Wire.GetTypeInfo(typeof(T))!)!;
    }

    static string Json(object body) => JsonSerializer.Serialize(body, ProtocolJson.Wire.GetTypeInfo(body.GetType())!);
}

/// <summary>What an answer says.</summary>
public static class Answers
{
    /// <summary>The refusal that an answer carries; its status and the problem's agree.</summary>
    public static async Task<Problem> ProblemAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True("application/problem+json" == response.Content.Headers.ContentType?.MediaType, $"{(int)response.StatusCode}: {text}");
        var problem = JsonSerializer.Deserialize(text, ProtocolJson.Wire.Problem)!;
        Assert.Equal((int)response.StatusCode, problem.Status);
        return problem;
    }
}
