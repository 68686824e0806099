using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Relay.Gateway.Telemetry;

/// <summary>
/// Takes the web server's own logs away. What reaches its error log is the exception that breaks an answer on purpose, which is no
/// error, and what clients do to their connections; everything else is caught and logged before. And a hosting layer that sees no
/// logger makes no activity and no log scope for each request, which nobody would read.
/// </summary>
internal sealed class QuietServer(ILoggerFactory inner) : ILoggerFactory
{
    private const string Category = "Microsoft.AspNetCore.";

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(Category, StringComparison.Ordinal) ? NullLogger.Instance : inner.CreateLogger(categoryName);

    public void Dispose()
    {
        // The inner one is the host's.
    }
}
