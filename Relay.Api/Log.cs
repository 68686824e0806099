using Microsoft.Extensions.Logging;

namespace Relay.Api;

/// <summary>Every event that the API logs. Ids 3000 to 3999.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Error, "The API could not answer {Path}")]
    public static partial void RequestFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(3001, LogLevel.Warning, "The API is not ready: the grains do not answer ({Reason})")]
    public static partial void NotReady(ILogger logger, string reason);

    [LoggerMessage(3002, LogLevel.Information, "Audit: {Who} did {Action} on {Target}, force {Force}, note '{Note}', request {RequestId}")]
    public static partial void Audited(ILogger logger, string who, string action, string target, string force, string note, string requestId);

    [LoggerMessage(3003, LogLevel.Warning, "{Count} call(s) that would change something came without the admin token, or with a wrong one")]
    public static partial void AdminRefused(ILogger logger, long count);

    [LoggerMessage(3004, LogLevel.Warning, "Live stats over {Window} stand still: they could not be read ({Reason})")]
    public static partial void WatchFailed(ILogger logger, string window, string reason);
}
