using Microsoft.Extensions.Logging;

namespace Relay.Gateway.Telemetry;

/// <summary>All log messages of the gateway, with their event ids. No prompt text, no completion text, no credential ever goes into one.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Gateway listens on {Url} with {Models} model(s) and {Targets} target(s), config {Version}")]
    public static partial void Listening(ILogger logger, string url, int models, int targets, string version);

    [LoggerMessage(101, LogLevel.Warning, "No key is configured: only this machine (loopback) is served. Add keys to relay.json to serve others.")]
    public static partial void LoopbackOnly(ILogger logger);

    [LoggerMessage(110, LogLevel.Warning, "Breaker of {Target} opened: {Reason}")]
    public static partial void BreakerOpened(ILogger logger, string target, string reason);

    [LoggerMessage(111, LogLevel.Information, "Breaker of {Target} closed: {Reason}")]
    public static partial void BreakerClosed(ILogger logger, string target, string reason);

    [LoggerMessage(120, LogLevel.Error, "Record sink {Sink} did not take the record of request {RequestId}: {Error}")]
    public static partial void RecordSinkFailed(ILogger logger, string sink, string requestId, string error);

    [LoggerMessage(121, LogLevel.Warning, "Grains do not answer ({Error}); serving goes on with the last view")]
    public static partial void GrainsAway(ILogger logger, string error);

    [LoggerMessage(130, LogLevel.Error, "Request {RequestId} failed inside Relay: {Error} at {Place}")]
    public static partial void InternalError(ILogger logger, string requestId, string error, string place);

    [LoggerMessage(131, LogLevel.Debug, "Request {RequestId} for {Model}: attempt at {Target} ended as {Error} after {Milliseconds} ms")]
    public static partial void AttemptFailed(ILogger logger, string requestId, string model, string target, string error, double milliseconds);

    [LoggerMessage(140, LogLevel.Information, "Request {RequestId} trace={TraceId} key={Key} model={Model} target={Target} endpoint={Endpoint} stream={Stream} status={Status} error={Error} attempts={Attempts} latencyMs={LatencyMs} firstTokenMs={FirstTokenMs} overheadMs={OverheadMs} tokensIn={TokensIn} tokensOut={TokensOut} estimated={Estimated} costUsd={CostUsd}", SkipEnabledCheck = true)]
    public static partial void RequestDone(
        ILogger logger,
        string requestId,
        string? traceId,
        string? key,
        string model,
        string? target,
        string endpoint,
        bool stream,
        int status,
        string error,
        int attempts,
        double latencyMs,
        double? firstTokenMs,
        double overheadMs,
        long? tokensIn,
        long? tokensOut,
        bool estimated,
        string? costUsd);
}
