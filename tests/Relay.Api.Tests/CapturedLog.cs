using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Relay.Api.Tests;

/// <summary>Keeps what is logged, with the level and event id.</summary>
internal sealed class CapturedLog : ILoggerFactory
{
    public ConcurrentQueue<(string Category, LogLevel Level, int Id, string Text)> Events { get; } = [];

    /// <summary>All texts, a line each.</summary>
    public string Text => string.Join('\n', Events.Select(e => e.Text));

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Events);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<(string, LogLevel, int, string)> events) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            events.Enqueue((category, logLevel, eventId.Id, formatter(state, exception)));
    }
}
