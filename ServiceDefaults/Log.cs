using Microsoft.Extensions.Logging;

namespace Relay.ServiceDefaults;

/// <summary>Log messages of what all processes share.</summary>
internal static partial class Log
{
    [LoggerMessage(401, LogLevel.Warning, "Telemetry: {Problem}")]
    public static partial void TelemetryProblem(ILogger logger, string problem);

    [LoggerMessage(402, LogLevel.Information, "Telemetry: {Signal} go to {Endpoint} over {Protocol}")]
    public static partial void TelemetryGoes(ILogger logger, string signal, string endpoint, string protocol);

    [LoggerMessage(403, LogLevel.Warning, "Telemetry: {Signal} cannot be exported; requests are served as before, and what is lost is counted (relay_telemetry_dropped_total)")]
    public static partial void ExportFails(ILogger logger, string signal);

    [LoggerMessage(404, LogLevel.Information, "Telemetry: {Signal} are exported again; {Dropped} were lost so far")]
    public static partial void ExportWorks(ILogger logger, string signal, long dropped);

    [LoggerMessage(405, LogLevel.Warning, "Telemetry: what is asked and answered is exported with the spans, as OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT says")]
    public static partial void ContentIsExported(ILogger logger);
}
