using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Relay.Gateway.Telemetry;

/// <summary>
/// Takes the web server's own error log away: what reaches it is the exception that breaks an answer on purpose, which is no error,
/// and what clients do to their connections. Everything else is caught and logged before.
/// </summary>
internal sealed class QuietServer(ILoggerFactory inner) : ILoggerFactory
{
    private const string Category = "Microsoft.AspNetCore.Server.Kestrel";

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(Category, StringComparison.Ordinal) ? NullLogger.Instance : inner.CreateLogger(categoryName);

    public void Dispose()
    {
        // The inner one is the host's.
    }
}
