using Microsoft.Extensions.Logging;

namespace Relay.Gateway.Telemetry;

/// <summary>All log messages of the gateway, with their event ids. No prompt text, no completion text, no credential ever goes into one.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Gateway listens on {Url}, gRPC on {Grpc}, with {Models} model(s) and {Targets} target(s), config {Version}")]
    public static partial void Listening(ILogger logger, string url, string grpc, int models, int targets, string version);

    [LoggerMessage(101, LogLevel.Warning, "No key is configured: only this machine (loopback) is served. Add keys to relay.json to serve others.")]
    public static partial void LoopbackOnly(ILogger logger);

    [LoggerMessage(110, LogLevel.Warning, "Breaker of {Target} opened: {Reason}")]
    public static partial void BreakerOpened(ILogger logger, string target, string reason);

    [LoggerMessage(111, LogLevel.Information, "Breaker of {Target} closed: {Reason}")]
    public static partial void BreakerClosed(ILogger logger, string target, string reason);

    [LoggerMessage(112, LogLevel.Information, "Breaker of {Target} is held {Force} by an operator")]
    public static partial void BreakerHeld(ILogger logger, string target, string force);

    [LoggerMessage(113, LogLevel.Information, "Breaker of {Target} was reset by an operator")]
    public static partial void BreakerReset(ILogger logger, string target);

    [LoggerMessage(114, LogLevel.Warning, "Credential {Credential} of provider {Provider} is out: {Reason}")]
    public static partial void CredentialOut(ILogger logger, string credential, string provider, string reason);

    [LoggerMessage(115, LogLevel.Information, "Credential {Credential} of provider {Provider} is back")]
    public static partial void CredentialBack(ILogger logger, string credential, string provider);

    [LoggerMessage(120, LogLevel.Error, "Record sink {Sink} did not take the record of request {RequestId}: {Error}")]
    public static partial void RecordSinkFailed(ILogger logger, string sink, string requestId, string error);

    [LoggerMessage(121, LogLevel.Warning, "Grains do not answer ({Error}); serving goes on with the last view")]
    public static partial void GrainsAway(ILogger logger, string error);

    [LoggerMessage(140, LogLevel.Information, "Configuration {Version} is in force: {Models} model(s), {Targets} target(s), {Keys} key(s)")]
    public static partial void ConfigApplied(ILogger logger, string version, int models, int targets, int keys);

    [LoggerMessage(141, LogLevel.Warning, "Configuration {Version} has {Errors} error(s) and was rejected; {InForce} stays in force")]
    public static partial void ConfigRejected(ILogger logger, string version, int errors, string inForce);

    [LoggerMessage(142, LogLevel.Warning, "Configuration error at {Path}: {Message}; fix: {Fix}")]
    public static partial void ConfigError(ILogger logger, string path, string message, string fix);

    [LoggerMessage(143, LogLevel.Warning, "The change of {Field} takes effect at the next start; all else is in force")]
    public static partial void ConfigAtNextStart(ILogger logger, string field);

    [LoggerMessage(144, LogLevel.Warning, "The system cannot watch the configuration's folder; changes are noticed every {Seconds} s")]
    public static partial void ConfigNotWatched(ILogger logger, double seconds);

    [LoggerMessage(145, LogLevel.Error, "Looking for a change of the configuration failed: {Error}")]
    public static partial void ConfigLookFailed(ILogger logger, string error);

    [LoggerMessage(147, LogLevel.Error, "Configuration {Version} could not be put in force: {Error}")]
    public static partial void ConfigSwapFailed(ILogger logger, string version, string error);

    [LoggerMessage(146, LogLevel.Information, "Provider {Provider} of configuration {Version} has drained: its connections are closed")]
    public static partial void ProviderDrained(ILogger logger, string provider, string version);

    [LoggerMessage(130, LogLevel.Error, "Request {RequestId} failed inside Relay: {Error} at {Place}")]
    public static partial void InternalError(ILogger logger, string requestId, string error, string place);

    [LoggerMessage(132, LogLevel.Debug, "Standby probe of {Target} ended as {Error}")]
    public static partial void StandbyProbed(ILogger logger, string target, string error);

    [LoggerMessage(133, LogLevel.Error, "Relay failed on a standby probe of {Target}: {Exception}")]
    public static partial void StandbyFailed(ILogger logger, string target, string exception);

    [LoggerMessage(131, LogLevel.Debug, "Request {RequestId} for {Model}: attempt at {Target} ended as {Error} after {Milliseconds} ms")]
    public static partial void AttemptFailed(ILogger logger, string requestId, string model, string target, string error, double milliseconds);

    [LoggerMessage(140, LogLevel.Information, "Request {RequestId} trace={TraceId} key={Key} model={Model} asked={Asked} target={Target} endpoint={Endpoint} protocol={Protocol} stream={Stream} status={Status} error={Error} attempts={Attempts} latencyMs={LatencyMs} firstTokenMs={FirstTokenMs} overheadMs={OverheadMs} tokensIn={TokensIn} tokensOut={TokensOut} estimated={Estimated} costUsd={CostUsd} tags={Tags}", SkipEnabledCheck = true)]
    public static partial void RequestDone(
        ILogger logger,
        string requestId,
        string? traceId,
        string? key,
        string model,
        string asked,
        string? target,
        string endpoint,
        string protocol,
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
        string? costUsd,
        string tags);
}
