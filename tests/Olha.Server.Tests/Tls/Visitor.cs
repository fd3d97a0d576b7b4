using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Server.Tests.Tls;

/// <summary>A browser of sorts that knows one root and finds every host on this machine.</summary>
internal sealed class Visitor(int port, string rootPem, Uri? address = null, string from = "127.0.0.1") : IDisposable
{
    readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        UseCookies = false, AllowAutoRedirect = false, UseProxy = false,
        ConnectCallback = (_, ct) => ConnectAsync(port, ct, from),
        SslOptions = { CertificateChainPolicy = Policy(rootPem) },
    });

    public Uri Address { get; } = address ?? new($"https://chat.example:{port}");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Task<HttpResponseMessage> GetAsync(string path, Version? version = null) => SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path))
    {
        Version = version ?? HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    });

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _invoker.SendAsync(request, Ct);

    public async Task<SessionAnswer> SignUpAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/api/v1/users"))
        {
            Content = JsonContent.Create(new SignUpBody(ChatServer.NewName(), Guest.Password, Bearer: true), ProtocolJson.Wire.SignUpBody),
        };
        using var answer = await SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonSerializer.Deserialize(text, ProtocolJson.Wire.SessionAnswer)!;
    }

    /// <summary>A v1 socket.</summary>
    public async Task<ClientWebSocket> ListenAsync(string token, Version version)
    {
        var socket = new ClientWebSocket { Options = { HttpVersion = version, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };
        socket.Options.AddSubProtocol("olha.v1");
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await socket.ConnectAsync(new UriBuilder(Address) { Scheme = "wss", Path = "/api/v1/socket" }.Uri, _invoker, Ct);
        return socket;
    }

    /// <summary>Says a frame and hears the first of a type.</summary>
    public static async Task<JsonElement> AskAsync(ClientWebSocket socket, string frame, string type)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, Ct);
        var bytes = new byte[64 * 1024];
        while (true)
        {
            var filled = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(bytes.AsMemory(filled), Ct);
                filled += part.Count;
            }
            while (!part.EndOfMessage);
            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            var said = JsonDocument.Parse(bytes.AsMemory(0, filled)).RootElement;
            if (said.GetProperty("type").GetString() == type) return said;
        }
    }

    /// <summary>The certificate that is shown now; null: there is none.</summary>
    public static async Task<X509Certificate2?> ShownAsync(int port, string host = "chat.example")
    {
        try
        {
            await using var tls = new SslStream(await ConnectAsync(port, Ct));
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host, RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            }, Ct);
            return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Sends text as it is, in the clear or over TLS, and reads until the other side ends.</summary>
    public static async Task<string> RawAsync(int port, string text, bool tls, string host = "chat.example")
    {
        Stream stream = await ConnectAsync(port, Ct);
        if (tls)
        {
            var secure = new SslStream(stream);
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host, RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            }, Ct);
            stream = secure;
        }
        await using (stream)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Ct);
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync(Ct);
        }
    }

    public void Dispose() => _invoker.Dispose();

    static async ValueTask<Stream> ConnectAsync(int port, CancellationToken ct, string from = "127.0.0.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    static X509ChainPolicy Policy(string rootPem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(rootPem);
        return policy;
    }
}
