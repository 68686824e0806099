using Relay.ServiceDefaults.Metrics;

namespace Relay.ServiceDefaults.Telemetry;

/// <summary>What became of the telemetry, for /metrics: whoever sees none must be able to find out why.</summary>
internal sealed class TelemetryCounts : IMetricsSource
{
    /// <summary>Spans.</summary>
    public SignalCounts Traces { get; } = new("traces");

    /// <summary>Metrics.</summary>
    public SignalCounts Metrics { get; } = new("metrics");

    /// <summary>Log records.</summary>
    public SignalCounts Logs { get; } = new("logs");

    /// <summary>All three.</summary>
    public SignalCounts[] All => [Traces, Metrics, Logs];

    /// <inheritdoc/>
    public void Write(MetricsText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text.Family("relay_telemetry_exports_total", "counter", "Exports over OTLP by signal and what came of them.");
        foreach (var signal in All)
        {
            text.Sample(signal.Succeeded, "signal", signal.Name, "result", "ok");
            text.Sample(signal.Failed, "signal", signal.Name, "result", "failed");
        }

        text.Family("relay_telemetry_exported_total", "counter", "Spans and log records that a collector took.");
        WriteItems(text, static signal => signal.Exported);
        text.Family("relay_telemetry_dropped_total", "counter", "Spans and log records that were lost: the queue was full, or their export failed.");
        WriteItems(text, static signal => signal.Dropped);
    }

    private void WriteItems(MetricsText text, Func<SignalCounts, long> count)
    {
        text.Sample(count(Traces), "signal", Traces.Name);
        text.Sample(count(Logs), "signal", Logs.Name);
    }
}
