using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Olha.Server.Tls;
using Olha.Testing;

namespace Olha.Server.Tests.Tls;

/// <summary>An authority that has too much to do, which Pebble never has: it says when to come back.</summary>
internal sealed class BusyAuthority : IAsyncDisposable
{
    readonly TempFolder _folder = new();
    readonly WebApplication _app;

    BusyAuthority(TimeSpan comeBackAfter)
    {
        var (issuer, port) = (new TestIssuer(), Ports.Free());
        var (chain, key) = issuer.For("127.0.0.1");
        File.WriteAllText(Roots, issuer.RootPem);
        Directory = new Uri($"https://127.0.0.1:{port}/dir");
        var handshake = ServerCertificate.Of(chain, key).Handshake;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, port, listen => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(handshake) })));
        _app = builder.Build();
        _app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = comeBackAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
    }

    public Uri Directory { get; }

    /// <summary>The file with the root of its address.</summary>
    public string Roots => _folder["roots.pem"];

    public static async Task<BusyAuthority> StartAsync(TimeSpan comeBackAfter)
    {
        var authority = new BusyAuthority(comeBackAfter);
        await authority._app.StartAsync(TestContext.Current.CancellationToken);
        return authority;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
