using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Olha.Server.Configuration;
using Olha.Server.Tls;

namespace Olha.Server.Tests;

/// <summary>A server that was started for tests: in this process, or as the published program.</summary>
internal abstract class RunningServer(TestDatabase database) : IAsyncDisposable
{
    public abstract Uri Address { get; }

    /// <summary>The same server over TLS, when that was asked for.</summary>
    public virtual Uri SecureAddress => throw new InvalidOperationException("This server speaks no TLS.");

    public abstract IServiceProvider Services { get; }

    public static async Task<RunningServer> StartAsync(Func<ServerOptions, ServerOptions> with, TimeProvider? clock, bool tls)
    {
        var database = await TestDatabase.CreateAsync();
        try
        {
            var options = with(database.Apply(new ServerOptions
            {
                Port = 0, Bind = [IPAddress.Loopback], PasswordCost = 4, LogLevel = LogLevel.Error, DrainSeconds = 1,
                MessagesPerSecond = 0, MessageBurst = 0, LoginsPerMinute = 0, RegistrationsPerHour = 0,
            }));
            var program = Environment.GetEnvironmentVariable("OLHA_TEST_BINARY");
            return string.IsNullOrEmpty(program)
                ? await HereAsync(options, database, clock, tls)
                : await PublishedAsync(program, options, database);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await database.DisposeAsync();
    }

    protected abstract ValueTask StopAsync();

    static async Task<RunningServer> HereAsync(ServerOptions options, TestDatabase database, TimeProvider? clock, bool tls)
    {
        var app = await ChatHost.BuildAsync(options, clock, TestContext.Current.CancellationToken);
        if (tls)
        {
            var kestrel = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
            app.Services.GetRequiredService<Certificates>().Show(NewCertificate());
            kestrel.Listen(IPAddress.Loopback, 0, TlsDoor.Open);
        }
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new InThisProcess(app, database);
    }

    static ServerCertificate NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return ServerCertificate.Of(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    static async Task<RunningServer> PublishedAsync(string program, ServerOptions options, TestDatabase database)
    {
        var process = Process.Start(new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true, WorkingDirectory = database.Folder, Environment =
            {
                ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["LOG_FORMAT"] = "json", ["LOG_LEVEL"] = "info",
                ["DB_NAME"] = options.DbName, ["DATABASE_URL"] = options.DatabaseUrl ?? "", ["PUBLIC_URL"] = options.PublicUrl?.ToString() ?? "",
                ["REGISTRATION"] = options.Registration.ToString(), ["DRAIN_SECONDS"] = Figure(options.DrainSeconds),
                ["LIMIT_MESSAGES_PER_SECOND"] = Figure(options.MessagesPerSecond), ["LIMIT_MESSAGE_BURST"] = Figure(options.MessageBurst),
                ["LIMIT_CONNECTIONS_PER_USER"] = Figure(options.ConnectionsPerUser), ["LIMIT_CONNECTIONS"] = Figure(options.Connections),
                ["LIMIT_LOGINS_PER_MINUTE"] = Figure(options.LoginsPerMinute),
                ["LIMIT_REGISTRATIONS_PER_HOUR"] = Figure(options.RegistrationsPerHour),
                ["LIMIT_MESSAGE_LENGTH"] = Figure(options.MessageLength),
                // The least that it takes: most of what a sign-up costs.
                ["PASSWORD_COST"] = Figure(Math.Max(options.PublicUrl is null ? 4 : 10, options.PasswordCost)),
                ["METRICS_TOKEN"] = options.MetricsToken ?? "", ["METRICS_BIND"] = options.MetricsBind?.ToString() ?? "",
                ["ALLOWED_HOSTS"] = string.Join(',', options.AllowedHosts), ["TRUSTED_PROXIES"] = string.Join(',', options.TrustedProxies),
            },
        })!;
        try
        {
            return new Published(process, await AddressOfAsync(process), database);
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    // It says where it listens, as JSON for machines: PUBLIC_URL, if any, and each address.
    static async Task<Uri> AddressOfAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            using var said = JsonDocument.Parse(line);
            if (said.RootElement.TryGetProperty("State", out var state) && state.TryGetProperty("Url", out var url)
                && new Uri(url.GetString()!) is { IsLoopback: true } address) return address;
        }
        throw new InvalidOperationException($"{process.StartInfo.FileName} ended before it listened.");
    }

    static string Figure(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    sealed class InThisProcess(WebApplication app, TestDatabase database) : RunningServer(database)
    {
        public override Uri Address { get; } = AddressOf(app, Uri.UriSchemeHttp);
        public override Uri SecureAddress => AddressOf(app, Uri.UriSchemeHttps);

        public override IServiceProvider Services => app.Services;

        static Uri AddressOf(WebApplication app, string scheme) =>
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
                .Select(static it => new Uri(it)).First(it => it.Scheme == scheme); // those for people come first

        protected override async ValueTask StopAsync()
        {
            try
            {
                await app.StopAsync();
            }
            catch (OperationCanceledException) { } // somebody's goodbye took longer than the second that it gets here

            await app.DisposeAsync();
        }
    }

    sealed class Published : RunningServer
    {
        readonly Process _process;
        readonly Task _read;

        public Published(Process process, Uri address, TestDatabase database) : base(database)
        {
            (_process, Address) = (process, address);
            _read = process.StandardOutput.ReadToEndAsync(); // or its log would fill the pipe and stop it
        }

        public override Uri Address { get; }

        public override IServiceProvider Services =>
            throw new InvalidOperationException($"This test reaches inside the program: give it the trait {ChatServer.Inside}.");

        protected override async ValueTask StopAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            await _read;
            _process.Dispose();
        }
    }
}
