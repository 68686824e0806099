using System.Globalization;

namespace Relay.Load.Otlp;

/// <summary>The variables that make Relay send spans, metrics and logs to a sink.</summary>
internal static class TelemetryTo
{
    /// <summary>Makes them.</summary>
    /// <param name="sink">The sink's URL.</param>
    /// <param name="share">The share of requests with spans, from 0 to 1.</param>
    public static Dictionary<string, string> Sink(string sink, double share) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio",
        ["OTEL_TRACES_SAMPLER_ARG"] = share.ToString(CultureInfo.InvariantCulture),
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
    };
}
