using Microsoft.Extensions.Logging;

namespace Relay.Gateway.Tests.Life;

/// <summary>Keeps every log line; a test waits for one.</summary>
internal sealed class LogWatch : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Part, TaskCompletionSource<string> Seen)> _waiting = [];

    public string Text
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>The first line with this part, also one that is there already.</summary>
    public Task<string> LineAsync(string part)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.Find(line => line.Contains(part, StringComparison.Ordinal)) is { } line)
            {
                seen.SetResult(line);
            }
            else
            {
                _waiting.Add((part, seen));
            }
        }

        return seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private void Add(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            foreach (var (_, seen) in _waiting.Where(w => line.Contains(w.Part, StringComparison.Ordinal)))
            {
                seen.TrySetResult(line);
            }
        }
    }

    private sealed class Logger(LogWatch owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Add($"{logLevel} {eventId.Id} {formatter(state, exception)}");
    }
}
