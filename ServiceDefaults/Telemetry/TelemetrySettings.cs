namespace Relay.ServiceDefaults.Telemetry;

/// <summary>How spans are chosen, as <c>OTEL_TRACES_SAMPLER</c> names it.</summary>
internal enum TraceSampler
{
    /// <summary>As the client's trace says; all others.</summary>
    ParentAlwaysOn,

    /// <summary>As the client's trace says; no others.</summary>
    ParentAlwaysOff,

    /// <summary>As the client's trace says; a share of the others.</summary>
    ParentRatio,

    /// <summary>All.</summary>
    AlwaysOn,

    /// <summary>None.</summary>
    AlwaysOff,

    /// <summary>A share of all, whatever the client's trace says.</summary>
    Ratio,
}

/// <summary>Where one signal goes. Not a record: its headers hold credentials, and nothing may print them by accident.</summary>
/// <param name="endpoint">The whole URL.</param>
/// <param name="isGrpc">gRPC; otherwise http/protobuf.</param>
/// <param name="headers">As in the variable; null for none.</param>
/// <param name="timeoutMs">How long one export may take.</param>
/// <param name="isGzip">Compressed.</param>
internal sealed class SignalSettings(Uri endpoint, bool isGrpc, string? headers, int timeoutMs, bool isGzip)
{
    /// <summary>The whole URL.</summary>
    public Uri Endpoint => endpoint;

    /// <summary>gRPC; otherwise http/protobuf.</summary>
    public bool IsGrpc => isGrpc;

    /// <summary>As in the variable; null for none.</summary>
    public string? Headers => headers;

    /// <summary>How long one export may take.</summary>
    public int TimeoutMs => timeoutMs;

    /// <summary>Compressed.</summary>
    public bool IsGzip => isGzip;
}

/// <summary>A bounded queue in front of an exporter.</summary>
/// <param name="DelayMs">The longest wait for a batch to fill.</param>
/// <param name="QueueSize">What waits at most; beyond it new ones are dropped, and counted.</param>
/// <param name="BatchSize">What is exported at once at most.</param>
/// <param name="TimeoutMs">How long one export may take.</param>
internal sealed record BatchSettings(int DelayMs, int QueueSize, int BatchSize, int TimeoutMs);

/// <summary>What the environment asks for.</summary>
internal sealed record TelemetrySettings
{
    /// <summary>Nothing.</summary>
    public static TelemetrySettings Off { get; } = new();

    /// <summary>Where spans go; null: nowhere.</summary>
    public SignalSettings? Traces { get; init; }

    /// <summary>Where metrics go; null: nowhere.</summary>
    public SignalSettings? Metrics { get; init; }

    /// <summary>Where logs go; null: nowhere.</summary>
    public SignalSettings? Logs { get; init; }

    /// <summary>Which requests have spans.</summary>
    public TraceSampler Sampler { get; init; }

    /// <summary>The share of those that a ratio chooses, from 0 to 1.</summary>
    public double Ratio { get; init; } = 1;

    /// <summary>Between two exports of metrics.</summary>
    public int MetricIntervalMs { get; init; } = 60_000;

    /// <summary>How long one export of metrics may take.</summary>
    public int MetricTimeoutMs { get; init; } = 30_000;

    /// <summary>Metrics count since the last export instead of since the start.</summary>
    public bool IsDelta { get; init; }

    /// <summary>The queue of spans.</summary>
    public BatchSettings Spans { get; init; } = new(5_000, 2_048, 512, 30_000);

    /// <summary>The queue of log records.</summary>
    public BatchSettings LogRecords { get; init; } = new(1_000, 2_048, 512, 30_000);

    /// <summary>Spans hold what was asked and answered.</summary>
    public bool CapturesContent { get; init; }

    /// <summary>What of the environment was not understood.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The variables, for what the SDK reads by itself: the resource, limits of attributes.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}
