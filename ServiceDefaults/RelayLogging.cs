using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Relay.ServiceDefaults;

/// <summary>
/// Logging of every Relay process: to standard output, one line for each event, as text or as JSON. <c>RELAY_LOG=json</c> picks JSON,
/// <c>RELAY_LOG_LEVEL</c> the lowest level that is written (trace, debug, information, warning, error, critical or none; default information).
/// </summary>
/// <remarks>ASP.NET Core's, Orleans' and the runtime's own categories start at warning. A reader that is too slow costs log lines, never requests: past <see cref="QueueLength"/> waiting lines, new ones are dropped.</remarks>
public static class RelayLogging
{
    /// <summary>The environment variable that picks the format.</summary>
    public const string FormatVariable = "RELAY_LOG";

    /// <summary>The environment variable that sets the level.</summary>
    public const string LevelVariable = "RELAY_LOG_LEVEL";

    /// <summary>The environment variable that switches one line for each request on.</summary>
    public const string RequestsVariable = "RELAY_LOG_REQUESTS";

    /// <summary>One line for each request is wanted.</summary>
    public static bool LogsRequests => bool.TryParse(Environment.GetEnvironmentVariable(RequestsVariable), out var on) && on;

    /// <summary>How many lines may wait to be written.</summary>
    public const int QueueLength = 2_500;

    private static readonly string[] NoisyCategories = ["Microsoft", "Orleans", "System"];

    /// <summary>Adds logging as the environment says.</summary>
    /// <exception cref="InvalidOperationException">A variable has a value that means nothing; the message says which ones do.</exception>
    public static ILoggingBuilder AddRelayLogging(this ILoggingBuilder builder) =>
        builder.AddRelayLogging(Environment.GetEnvironmentVariable(FormatVariable), Environment.GetEnvironmentVariable(LevelVariable));

    /// <summary>Adds logging in the given format and from the given level on, each spelled as in its variable; null or empty for the default.</summary>
    /// <exception cref="InvalidOperationException">A value means nothing; the message says which ones do.</exception>
    public static ILoggingBuilder AddRelayLogging(this ILoggingBuilder builder, string? format, string? level)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var lowest = ParseLevel(level);
        builder.SetMinimumLevel(lowest);
        foreach (var category in NoisyCategories)
        {
            builder.AddFilter(category, lowest > LogLevel.Warning ? lowest : LogLevel.Warning);
        }

        AddConsole(builder, format);
        builder.Services.Configure<ConsoleLoggerOptions>(static options =>
        {
            options.MaxQueueLength = QueueLength;
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        return builder;
    }

    private static void AddConsole(ILoggingBuilder builder, string? format)
    {
        const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        switch (format)
        {
            case null or "" or "text":
                builder.AddSimpleConsole(static options =>
                {
                    options.SingleLine = true;
                    options.UseUtcTimestamp = true;
                    options.TimestampFormat = Timestamp;
                });
                break;
            case "json":
                builder.Configure(static options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
                builder.AddJsonConsole(static options =>
                {
                    // The ids of the request that a line belongs to, where it is traced (docs/telemetry.md).
                    options.IncludeScopes = true;
                    options.UseUtcTimestamp = true;
                    options.TimestampFormat = Timestamp.TrimEnd();
                });
                break;
            default:
                throw new InvalidOperationException($"{FormatVariable} is '{format}'; it may be text or json.");
        }
    }

    private static LogLevel ParseLevel(string? level)
    {
        if (string.IsNullOrEmpty(level))
        {
            return LogLevel.Information;
        }

        // Names only: TryParse would take any number as well.
        return char.IsAsciiLetter(level[0]) && Enum.TryParse<LogLevel>(level, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)
            ? parsed
            : throw new InvalidOperationException($"{LevelVariable} is '{level}'; it may be trace, debug, information, warning, error, critical or none.");
    }
}
