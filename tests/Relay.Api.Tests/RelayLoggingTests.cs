using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Relay.ServiceDefaults;

namespace Relay.Api.Tests;

public class RelayLoggingTests
{
    [Theory]
    [InlineData(null, ConsoleFormatterNames.Simple)]
    [InlineData("", ConsoleFormatterNames.Simple)]
    [InlineData("text", ConsoleFormatterNames.Simple)]
    [InlineData("json", ConsoleFormatterNames.Json)]
    public void Format_PicksTheFormatterAndDropsRatherThanBlocks(string? format, string formatter)
    {
        using var services = Build(format, null);
        var options = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;
        Assert.Equal(formatter, options.FormatterName);
        Assert.Equal((ConsoleLoggerQueueFullMode.DropWrite, RelayLogging.QueueLength), (options.QueueFullMode, options.MaxQueueLength));
    }

    [Theory]
    [InlineData(null, LogLevel.Information, LogLevel.Warning)]
    [InlineData("debug", LogLevel.Debug, LogLevel.Warning)]
    [InlineData("Error", LogLevel.Error, LogLevel.Error)]
    public void Level_IsTheLowestOfOursAndFrameworksStartAtWarning(string? level, LogLevel ours, LogLevel frameworks)
    {
        using var services = Build(null, level);
        var loggers = services.GetRequiredService<ILoggerFactory>();
        AssertLowest(ours, loggers.CreateLogger("Relay.Api"));
        AssertLowest(frameworks, loggers.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics"));
        AssertLowest(frameworks, loggers.CreateLogger("System.Net.Http"));

        static void AssertLowest(LogLevel level, ILogger logger) =>
            Assert.Equal((true, false), (logger.IsEnabled(level), logger.IsEnabled(level - 1)));
    }

    [Theory]
    [InlineData("text", false)]
    [InlineData("json", true)]
    public void Json_HasTheTraceIdsOfALine(string format, bool has)
    {
        using var services = Build(format, null);

        Assert.Equal(has, services.GetRequiredService<IOptions<LoggerFactoryOptions>>().Value.ActivityTrackingOptions == (ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId));
        Assert.Equal(has, services.GetRequiredService<IOptions<JsonConsoleFormatterOptions>>().Value.IncludeScopes);
    }

    [Theory]
    [InlineData("xml", null, "RELAY_LOG is 'xml'; it may be text or json.")]
    [InlineData(null, "loud", "RELAY_LOG_LEVEL is 'loud'; it may be trace, debug, information, warning, error, critical or none.")]
    [InlineData(null, "2", "RELAY_LOG_LEVEL is '2'; it may be trace, debug, information, warning, error, critical or none.")]
    public void UnknownValue_SaysWhatIsAllowed(string? format, string? level, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => Build(format, level)).Message);

    private static ServiceProvider Build(string? format, string? level) =>
        new ServiceCollection().AddLogging(logging => logging.AddRelayLogging(format, level)).BuildServiceProvider();
}
