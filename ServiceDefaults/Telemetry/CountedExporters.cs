using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Relay.ServiceDefaults.Telemetry;

/// <summary>Exports spans, and counts them.</summary>
internal sealed class CountedTraceExporter(OtlpExporterOptions options, SignalCounts counts) : OtlpTraceExporter(options)
{
    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Activity> activityBatch)
    {
        var count = activityBatch.Count;
        counts.Leaves(count);
        return counts.Ended(base.Export(activityBatch), count);
    }
}

/// <summary>Exports metrics, and counts the exports.</summary>
internal sealed class CountedMetricExporter(OtlpExporterOptions options, SignalCounts counts) : OtlpMetricExporter(options)
{
    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> metrics) => counts.Ended(base.Export(metrics), 0);
}

/// <summary>Exports log records, and counts them.</summary>
internal sealed class CountedLogExporter : BaseExporter<LogRecord>
{
    private readonly OtlpLogExporter _inner;
    private readonly ILoggerFactory _holder;
    private readonly SignalCounts _counts;

    /// <summary>Creates it.</summary>
    public CountedLogExporter(OtlpExporterOptions options, ResourceBuilder resource, SignalCounts counts)
    {
        _counts = counts;
        _inner = new(options);

        // The SDK's exporter is sealed, and takes the resource from the provider that it was added to: one through which nobody logs.
        _holder = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
            options.SetResourceBuilder(resource).AddProcessor(new SimpleLogRecordExportProcessor(_inner))));
        _ = _holder.CreateLogger("");
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        var count = batch.Count;
        _counts.Leaves(count);
        return _counts.Ended(_inner.Export(batch), count);
    }

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds) => _inner.Shutdown(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _holder.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>The queue of spans. One that is full drops the new ones, and counts them; nothing ever waits for it.</summary>
/// <remarks>The SDK's own queue is larger by a batch, so that it is never the one to drop.</remarks>
internal sealed class SpanQueue(BaseExporter<Activity> exporter, BatchSettings batch, SignalCounts counts)
    : BatchActivityExportProcessor(exporter, batch.QueueSize + batch.BatchSize, batch.DelayMs, batch.TimeoutMs, batch.BatchSize)
{
    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Recorded && counts.TryQueue(batch.QueueSize))
        {
            base.OnEnd(data);
        }
    }
}

/// <summary>The queue of log records, like that of spans.</summary>
internal sealed class LogQueue(BaseExporter<LogRecord> exporter, BatchSettings batch, SignalCounts counts)
    : BatchLogRecordExportProcessor(exporter, batch.QueueSize + batch.BatchSize, batch.DelayMs, batch.TimeoutMs, batch.BatchSize)
{
    /// <inheritdoc/>
    public override void OnEnd(LogRecord data)
    {
        if (counts.TryQueue(batch.QueueSize))
        {
            base.OnEnd(data);
        }
    }
}
