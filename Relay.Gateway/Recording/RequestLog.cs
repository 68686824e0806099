using Microsoft.Extensions.Logging;
using Relay.Core.Errors;
using Relay.Gateway.Telemetry;

namespace Relay.Gateway.Recording;

/// <summary>One line at information for each request, for those who switch it on (<c>RELAY_LOG_REQUESTS=true</c>). Figures and names only: no prompt, no answer, no credential.</summary>
public sealed class RequestLog(ILoggerFactory loggers) : IRecordSink
{
    private readonly ILogger _log = loggers.CreateLogger<RequestLog>();

    /// <inheritdoc/>
    public ValueTask WriteAsync(RequestRecord record, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (_log.IsEnabled(LogLevel.Information))
        {
            Log.RequestDone(
                _log,
                record.RequestId,
                record.TraceId,
                record.Key,
                record.Model,
                record.AskedModel,
                record.Target,
                record.Endpoint,
                record.Protocol,
                record.Streamed,
                record.HttpStatus,
                record.Error.Label(),
                record.Attempts.Count,
                record.Latency.TotalMilliseconds,
                record.FirstToken?.TotalMilliseconds,
                record.Overhead.TotalMilliseconds,
                record.Usage?.TotalInput,
                record.Usage?.TotalOutput,
                record.Usage?.Estimated ?? false,
                record.Cost?.ToString(),
                string.Join(',', record.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
        }

        return ValueTask.CompletedTask;
    }
}
