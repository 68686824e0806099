namespace Relay.ServiceDefaults.Telemetry;

/// <summary>Makes settings of the environment. docs/telemetry.md lists the variables; a test holds the two together.</summary>
internal static class TelemetryReader
{
    private const string Otlp = "OTEL_EXPORTER_OTLP_";
    private const int MaxMs = 24 * 60 * 60 * 1_000;
    private const int MaxQueue = 1_000_000;

    /// <summary>The variables that are read here; the SDK reads more by itself.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "OTEL_SDK_DISABLED",
        .. Of("TRACES"), .. Of("METRICS"), .. Of("LOGS"),
        Otlp + "ENDPOINT", Otlp + "PROTOCOL", Otlp + "HEADERS", Otlp + "TIMEOUT", Otlp + "COMPRESSION",
        Otlp + "METRICS_TEMPORALITY_PREFERENCE",
        "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES",
        "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
        "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT",
        .. Queue("OTEL_BSP_"), .. Queue("OTEL_BLRP_"),
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
    ];

    /// <summary>Reads them.</summary>
    public static TelemetrySettings Read(IReadOnlyDictionary<string, string> variables)
    {
        var from = new OtelVariables(variables);
        if (from.Flag("OTEL_SDK_DISABLED"))
        {
            return TelemetrySettings.Off with { Problems = from.Problems };
        }

        var settings = new TelemetrySettings
        {
            Traces = Signal(from, "TRACES", "v1/traces"),
            Metrics = Signal(from, "METRICS", "v1/metrics"),
            Logs = Signal(from, "LOGS", "v1/logs"),
            Variables = variables,
            Problems = from.Problems,
        };
        return settings.Traces is null && settings.Metrics is null && settings.Logs is null ? settings : Details(from, settings);
    }

    private static TelemetrySettings Details(OtelVariables from, TelemetrySettings settings)
    {
        from.Pairs("It is left out", "OTEL_RESOURCE_ATTRIBUTES");
        return settings with
        {
            Sampler = from.OneOf(
                TraceSampler.ParentAlwaysOn,
                ["OTEL_TRACES_SAMPLER"],
                ("parentbased_always_on", TraceSampler.ParentAlwaysOn),
                ("parentbased_always_off", TraceSampler.ParentAlwaysOff),
                ("parentbased_traceidratio", TraceSampler.ParentRatio),
                ("always_on", TraceSampler.AlwaysOn),
                ("always_off", TraceSampler.AlwaysOff),
                ("traceidratio", TraceSampler.Ratio)),
            Ratio = from.Share(settings.Ratio, "OTEL_TRACES_SAMPLER_ARG"),
            MetricIntervalMs = from.Whole(settings.MetricIntervalMs, 100, MaxMs, "OTEL_METRIC_EXPORT_INTERVAL"),
            MetricTimeoutMs = from.Whole(settings.MetricTimeoutMs, 1, MaxMs, "OTEL_METRIC_EXPORT_TIMEOUT"),
            IsDelta = from.OneOf(false, [Otlp + "METRICS_TEMPORALITY_PREFERENCE"], ("cumulative", false), ("delta", true)),
            Spans = Batch(from, "OTEL_BSP_", settings.Spans),
            LogRecords = Batch(from, "OTEL_BLRP_", settings.LogRecords),
            CapturesContent = from.OneOf(
                false,
                ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"],
                ("false", false), ("true", true), ("no_content", false), ("span_only", true), ("span_and_event", true)),
        };
    }

    private static SignalSettings? Signal(OtelVariables from, string signal, string path)
    {
        var isOff = from.OneOf(false, [$"OTEL_{signal}_EXPORTER"], ("otlp", false), ("none", true));
        var own = Otlp + signal + "_";
        if (isOff || from.First(own + "ENDPOINT", Otlp + "ENDPOINT") is not var (name, value)
            || from.Url(name, value, "nothing is exported there") is not { } url)
        {
            return null;
        }

        var isGrpc = from.OneOf(true, [own + "PROTOCOL", Otlp + "PROTOCOL"], ("grpc", true), ("http/protobuf", false));

        // The common endpoint is that of a collector; a signal's own is used as it stands.
        var endpoint = isGrpc || name != Otlp + "ENDPOINT" ? url : new Uri(url.AbsoluteUri.TrimEnd('/') + "/" + path);
        return new(
            endpoint,
            isGrpc,
            from.Pairs("No header is sent", own + "HEADERS", Otlp + "HEADERS"),
            from.Whole(10_000, 1, MaxMs, own + "TIMEOUT", Otlp + "TIMEOUT"),
            from.OneOf(false, [own + "COMPRESSION", Otlp + "COMPRESSION"], ("none", false), ("gzip", true)));
    }

    private static BatchSettings Batch(OtelVariables from, string prefix, BatchSettings otherwise)
    {
        var queue = from.Whole(otherwise.QueueSize, 1, MaxQueue, prefix + "MAX_QUEUE_SIZE");
        return new(
            from.Whole(otherwise.DelayMs, 1, MaxMs, prefix + "SCHEDULE_DELAY"),
            queue,
            Math.Min(queue, from.Whole(otherwise.BatchSize, 1, MaxQueue, prefix + "MAX_EXPORT_BATCH_SIZE")),
            from.Whole(otherwise.TimeoutMs, 1, MaxMs, prefix + "EXPORT_TIMEOUT"));
    }

    private static string[] Of(string signal) =>
    [
        $"OTEL_{signal}_EXPORTER", $"{Otlp}{signal}_ENDPOINT", $"{Otlp}{signal}_PROTOCOL", $"{Otlp}{signal}_HEADERS", $"{Otlp}{signal}_TIMEOUT", $"{Otlp}{signal}_COMPRESSION",
    ];

    private static string[] Queue(string prefix) => [prefix + "SCHEDULE_DELAY", prefix + "MAX_QUEUE_SIZE", prefix + "MAX_EXPORT_BATCH_SIZE", prefix + "EXPORT_TIMEOUT"];
}
