using Microsoft.Extensions.Logging;
using Relay.Simulation.Invariants;

namespace Relay.Simulation.Gateways;

/// <summary>The log of a gateway: its errors go to the referee, all else nowhere.</summary>
/// <param name="world">The world.</param>
internal sealed class ErrorLog(World world) : ILoggerFactory, ILogger
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // A sink that fails is the world's doing.
        if (IsEnabled(logLevel) && eventId.Name != "RecordSinkFailed")
        {
            world.Referee.Fail(nameof(NothingBreaksInside), formatter(state, exception), -1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }
}
