using System.Data.Common;
using System.Net.Http.Json;
using System.Text.Json;
using Olha.Protocol;
using Olha.Testing;

namespace Olha.Proof;

/// <summary>The program that is thrown at, with people in it, and what its memory does meanwhile.</summary>
internal sealed class FuzzedNode : IAsyncDisposable
{
    /// <summary>The owner's password, and everybody else's.</summary>
    public const string Password = "vento norte 7";

    readonly string _folder;
    readonly string? _databaseUrl;
    readonly HttpClient _http;

    FuzzedNode(Node node, string folder, string? databaseUrl)
    {
        (Node, _folder, _databaseUrl) = (node, folder, databaseUrl);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = node.Address };
    }

    public Node Node { get; }

    public Uri Address => Node.Address;

    /// <summary>A connection of our own to what it has stored.</summary>
    public Task<DbConnection> OpenDatabaseAsync(CancellationToken ct) => Databases.OpenAsync(_folder, _databaseUrl, ct);

    /// <param name="program">The program under test.</param>
    /// <param name="databaseUrl">An empty PostgreSQL database; null: SQLite.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<FuzzedNode> StartAsync(IReadOnlyList<string> program, string? databaseUrl, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("olha-fuzz-").FullName;
        var plain = NodeOptions.Plain(program, folder, Ports.Free(), databaseUrl);
        // A line a request is not what is looked for.
        var node = new Node(plain with { Variables = new Dictionary<string, string>(plain.Variables) { ["LOG_LEVEL"] = "warning" } });
        await node.StartAsync(ct);
        return new FuzzedNode(node, folder, databaseUrl);
    }

    /// <summary>Somebody new, who is signed in.</summary>
    public async Task<(Person Me, string Token)> SignUpAsync(string name, CancellationToken ct)
    {
        var answer = await SendAsync<SessionAnswer>(HttpMethod.Post, "/api/v1/users", null, new SignUpBody(name, Password, null, Bearer: true), ct);
        return (answer.Me, answer.Token!);
    }

    /// <summary>Asks for something that must succeed.</summary>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, string? token, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        if (body is not null) request.Content = JsonContent.Create(body, ProtocolJson.Wire.GetTypeInfo(body.GetType())!);
        using var answer = await _http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsByteArrayAsync(ct);
        if (!answer.IsSuccessStatusCode) throw new ProofException($"{method} {path} was answered with {(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(text)}");
        return text.Length == 0 ? default! : (T)JsonSerializer.Deserialize(text, ProtocolJson.Wire.GetTypeInfo(typeof(T))!)!;
    }

    /// <summary>MiB of memory that the process holds now, and the most that it ever held.</summary>
    public (long Now, long Peak) Memory
    {
        get
        {
            var lines = File.ReadAllLines($"/proc/{Node.ProcessId}/status");
            return (Of("VmRSS:"), Of("VmHWM:"));

            long Of(string name) => long.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..^2]) / 1024;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
