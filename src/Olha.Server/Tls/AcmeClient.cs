using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Olha.Server.Configuration;

namespace Olha.Server.Tls;

/// <summary>Speaks to one authority for the length of one order (RFC 8555, 6): every request is signed and carries a nonce of the answer
/// before it.</summary>
internal sealed class AcmeClient : IDisposable
{
    const string BadNonce = "urn:ietf:params:acme:error:badNonce";
    const int MostNonces = 20; // each of them refused at once, which costs the authority nothing
    const int MostBytes = 256 * 1024;

    readonly HttpClient _http;
    readonly Uri _directory;
    readonly AccountKey _key;
    AcmeDirectory? _urls;
    Uri? _account;
    string? _nonce;

    public AcmeClient(ServerOptions options, AccountKey key, TimeProvider clock)
    {
        (_directory, _key, Clock) = (options.Authority, key, clock);
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false, AllowAutoRedirect = false, SslOptions = { CertificateChainPolicy = PolicyOf(options) },
        })
        { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = MostBytes };
        _http.DefaultRequestHeaders.UserAgent.Add(new("olha", CommandLine.ProgramVersion)); // RFC 8555, 6.1
    }

    TimeProvider Clock { get; }

    /// <summary>Opens the account, or finds it again by its key.</summary>
    public async Task OpenAccountAsync(string? email, CancellationToken ct)
    {
        _urls = await DirectoryAsync(ct);
        var body = new AcmeNewAccount(true, email is null ? null : [$"mailto:{email}"]);
        using var answer = await PostAsync(_urls.NewAccount, Bytes(body, AcmeJson.Default.AcmeNewAccount), ct);
        _account = answer.Headers.Location ?? throw new AcmeException("the authority did not say where our account is");
    }

    /// <returns>The order, and where it is.</returns>
    public async Task<(Uri Url, AcmeOrder Order)> OrderAsync(string host, CancellationToken ct)
    {
        var body = new AcmeNewOrder([new("dns", host)]);
        using var answer = await PostAsync(_urls!.NewOrder, Bytes(body, AcmeJson.Default.AcmeNewOrder), ct);
        return (answer.Headers.Location ?? throw new AcmeException("the authority did not say where our order is"),
            await ReadAsync(answer, AcmeJson.Default.AcmeOrder, ct));
    }

    /// <summary>Reads what is there, and how long to wait before it is read again.</summary>
    public async Task<(T Thing, TimeSpan? Again)> GetAsync<T>(Uri url, JsonTypeInfo<T> type, CancellationToken ct) where T : class
    {
        using var answer = await PostAsync(url, [], ct);
        return (await ReadAsync(answer, type, ct), RetryAfterOf(answer));
    }

    /// <summary>The authority may come to look.</summary>
    public async Task InviteAsync(AcmeChallenge challenge, CancellationToken ct) => (await PostAsync(challenge.Url, "{}"u8.ToArray(), ct)).Dispose();

    public async Task FinalizeAsync(Uri url, AcmeFinalize body, CancellationToken ct) =>
        (await PostAsync(url, Bytes(body, AcmeJson.Default.AcmeFinalize), ct)).Dispose();

    /// <returns>PEM: the certificate and its chain.</returns>
    public async Task<string> DownloadAsync(Uri url, CancellationToken ct)
    {
        using var answer = await PostAsync(url, [], ct);
        return await answer.Content.ReadAsStringAsync(ct);
    }

    public void Dispose() => _http.Dispose();

    async Task<AcmeDirectory> DirectoryAsync(CancellationToken ct)
    {
        using var answer = await _http.GetAsync(_directory, ct);
        if (!answer.IsSuccessStatusCode) throw await RefusalAsync(answer, ct);
        var urls = await ReadAsync(answer, AcmeJson.Default.AcmeDirectory, ct);
        return urls.NewNonce.IsAbsoluteUri ? urls : throw NoAuthority();
    }

    async Task<HttpResponseMessage> PostAsync(Uri url, byte[] payload, CancellationToken ct)
    {
        if (!url.IsAbsoluteUri || url.Scheme != Uri.UriSchemeHttps) throw NoAuthority();
        for (var attempt = 1; ; attempt++)
        {
            var nonce = _nonce ?? await NewNonceAsync(ct);
            _nonce = null; // spent, whatever comes of it
            using var content = new ByteArrayContent(Bytes(_key.Sign(url, nonce, _account, payload), AcmeJson.Default.AcmeSigned));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/jose+json");
            var answer = await _http.PostAsync(url, content, ct);
            _nonce = NonceOf(answer);
            if (answer.IsSuccessStatusCode) return answer;
            using (answer)
            {
                var problem = await ProblemAsync(answer, ct);
                if (problem?.Type != BadNonce || attempt == MostNonces) throw Refusal(answer, problem);
            }
        }
    }

    async Task<string> NewNonceAsync(CancellationToken ct)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Head, _urls!.NewNonce);
        using var answer = await _http.SendAsync(ask, ct);
        return NonceOf(answer) ?? throw await RefusalAsync(answer, ct);
    }

    async Task<AcmeException> RefusalAsync(HttpResponseMessage answer, CancellationToken ct) => Refusal(answer, await ProblemAsync(answer, ct));

    AcmeException Refusal(HttpResponseMessage answer, AcmeProblem? problem) => new(
        problem is null ? $"{_directory.Host} answers {(int)answer.StatusCode}" : WordsOf(problem), RetryAfterOf(answer));

    /// <summary>What an authority says is wrong, and its name for it.</summary>
    public static string WordsOf(AcmeProblem problem) =>
        $"{problem.Detail ?? "no reason given"} ({problem.Type?.Split(':')[^1] ?? "no type"})";

    AcmeException NoAuthority() => new($"there is no ACME directory at {_directory}");

    static async Task<AcmeProblem?> ProblemAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return null;
        try
        {
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(ct), AcmeJson.Default.AcmeProblem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken ct) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(ct), type) ?? throw NoAuthority();
        }
        catch (JsonException)
        {
            throw NoAuthority();
        }
    }

    TimeSpan? RetryAfterOf(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date - Clock.GetUtcNow(),
        _ => null,
    };

    static string? NonceOf(HttpResponseMessage answer) => answer.Headers.TryGetValues("Replay-Nonce", out var nonces) ? nonces.First() : null;

    static byte[] Bytes<T>(T body, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(body, type);

    // Null: as the system has it.
    static X509ChainPolicy? PolicyOf(ServerOptions options)
    {
        if (options.AcmeRoots is not { } file) return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
