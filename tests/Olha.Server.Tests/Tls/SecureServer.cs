using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Olha.Server.Configuration;

namespace Olha.Server.Tests.Tls;

/// <summary>A server in this process that speaks TLS by its own settings, and what it logged. Its database is the test's.</summary>
internal sealed class SecureServer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Notebook _log = new();

    SecureServer(WebApplication app) => _app = app;

    /// <summary>What it logged so far, a line each.</summary>
    public IReadOnlyCollection<string> Said => _log.Lines;

    public static async Task<SecureServer> StartAsync(
        TestDatabase database, int port, Func<ServerOptions, ServerOptions> with, TimeProvider? clock = null)
    {
        var options = with(database.Apply(new ServerOptions
        {
            Port = port, Bind = [IPAddress.Loopback], PasswordCost = 4, LogLevel = LogLevel.Information, DrainSeconds = 1,
        }));
        var server = new SecureServer(await ChatHost.BuildAsync(options, clock, TestContext.Current.CancellationToken));
        server._app.Services.GetRequiredService<ILoggerFactory>().AddProvider(server._log);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Waits until a line was logged that has these words.</summary>
    public Task SaidAsync(string words, int times = 1) => UntilAsync(
        () => Task.FromResult(Said.Count(line => line.Contains(words, StringComparison.Ordinal)) >= times), () => $"\"{words}\" in: {string.Join('\n', Said)}");

    public static async Task UntilAsync(Func<Task<bool>> holds, Func<string> what)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            while (!await holds()) await Task.Delay(20, patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Waited in vain: {what()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
        }
        catch (OperationCanceledException) { } // somebody's goodbye took longer than the second that it gets here

        await _app.DisposeAsync();
    }

    sealed class Notebook : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;
        public void Dispose() { }

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }
}
