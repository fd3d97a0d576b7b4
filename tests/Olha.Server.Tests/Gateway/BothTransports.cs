using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Olha.Fanout;

namespace Olha.Server.Tests.Gateway;

/// <summary>A server whose sockets are opened both ways: taken out of the framework's hands, and behind its pipes because of TLS.
/// What is promised is the same.</summary>
public sealed class BothTransports : IAsyncLifetime
{
    public static TheoryData<bool> Tls => [false, true];

    /// <summary>A message may be nearly as long as a frame.</summary>
    public ChatServer Server { get; } = new(static options => options with { MessageLength = 64 * 1024 }, tls: true);

    internal Hub Hub => Server.Get<Hub>();

    readonly Complaints _complaints = new();

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        Server.Get<ILoggerFactory>().AddProvider(_complaints);
    }

    // Whatever the other side does is its right, and no error of the program's.
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Assert.Empty(_complaints.Said);
    }

    public Uri Address(bool tls) => tls ? Server.SecureAddress : Server.Address;

    /// <summary>A welcomed socket of which the kernel keeps little, and its other side in the program.</summary>
    /// <remarks>Not less than one segment of the loopback: TCP would fall back to its timers, a kilobyte each 200 ms.</remarks>
    internal async Task<(RawSocket Socket, Connection Connection)> SlowAsync(Guest guest, bool tls)
    {
        var before = Hub.Connections.ToHashSet();
        var socket = await RawSocket.WelcomedAsync(Address(tls), guest, receiveBuffer: 64 * 1024);
        return (socket, Assert.Single(Hub.Connections, it => !before.Contains(it)));
    }

    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            while (!holds()) await Task.Delay(1, patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Waited in vain: {what}");
        }
    }

    sealed class Complaints : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;
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
