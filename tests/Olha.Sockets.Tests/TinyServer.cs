using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Olha.Sockets.Tests;

/// <summary>The framework's own server over our sockets, with one thing that it does for every request.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Complaints _complaints;

    TinyServer(WebApplication app, Complaints complaints)
    {
        (_app, _complaints) = (app, complaints);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new(IPAddress.Loopback, new Uri(addresses.Single()).Port);
    }

    public IPEndPoint Address { get; }

    public static async Task<TinyServer> StartAsync(RequestDelegate serve)
    {
        var complaints = new Complaints();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddProvider(complaints);
        builder.Services.AddSingleton<IConnectionListenerFactory, SocketTransport>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(serve);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TinyServer(app, complaints);
    }

    /// <summary>Answers 101.</summary>
    public static Task UpgradeAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = "websocket";
        return context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    /// <summary>Takes the socket of a request that was upgraded.</summary>
    public static Task<DirectSocket> TakeAsync(HttpContext context) =>
        context.Features.GetRequiredFeature<ISocketHandover>().TakeSocketAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Assert.True(_complaints.Said.IsEmpty, string.Join("\n", _complaints.Said));
    }

    /// <summary>Keeps what our transport, not the framework, logs as an error: no event may fail, whatever the other side does.</summary>
    sealed class Complaints : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public ILogger CreateLogger(string categoryName) =>
            categoryName == typeof(SocketTransport).FullName ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;
        public void Dispose() { }

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Said.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }
}
