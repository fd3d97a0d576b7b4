using Microsoft.Extensions.Logging;

namespace Olha.Server.Tests.Adoption;

/// <summary>Keeps what was logged, and can do something whenever something is.</summary>
internal sealed class EventLog(Action<string>? happened = null) : ILogger
{
    readonly List<(LogLevel Level, string Text)> _events = [];

    public IReadOnlyList<string> Events => [.. _events.Select(logged => logged.Text)];

    public IReadOnlyList<string> Warnings => [.. _events.Where(logged => logged.Level >= LogLevel.Warning).Select(logged => logged.Text)];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        _events.Add((logLevel, text));
        happened?.Invoke(text);
    }
}
