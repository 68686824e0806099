using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Relay.ServiceDefaults.Metrics;

namespace Relay.ServiceDefaults.Telemetry;

/// <summary>
/// OpenTelemetry of a Relay process: spans, metrics and logs over OTLP, as OpenTelemetry's own environment variables say
/// (docs/telemetry.md). Without an endpoint nothing is started. Export failures never reach a request: queues are bounded, and what is
/// lost is counted.
/// </summary>
public sealed class RelayTelemetry : IAsyncDisposable
{
    /// <summary>How long the end of a process waits for the last export: 5 s.</summary>
    public static readonly TimeSpan LastExport = TimeSpan.FromSeconds(5);

    private const string GatewayScope = "Relay.Gateway";
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>Of the processes of a cluster: calls of grains, messages, membership.</summary>
    private const string OrleansMeter = "Microsoft.Orleans";

    private readonly TelemetrySettings _settings;
    private readonly TelemetryCounts _counts = new();
    private readonly string _instance = Guid.NewGuid().ToString();
    private readonly TracerProvider? _tracer;
    private readonly MeterProvider? _meter;

    private RelayTelemetry(TelemetrySettings settings)
    {
        _settings = settings;
        if (settings.Traces is { } traces)
        {
            _tracer = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(AddVariables)
                .SetResourceBuilder(Resource())
                .SetSampler(SamplerOf(settings))
                .AddSource(GatewayScope)
                .AddProcessor(new SpanQueue(new CountedTraceExporter(OptionsOf(traces), _counts.Traces), settings.Spans, _counts.Traces))
                .Build();
        }

        if (settings.Metrics is { } metrics)
        {
            var exporter = new CountedMetricExporter(OptionsOf(metrics), _counts.Metrics);
            _meter = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(AddVariables)
                .SetResourceBuilder(Resource())
                .AddMeter(GatewayScope, RuntimeMeter, OrleansMeter)
                .AddReader(new PeriodicExportingMetricReader(exporter, settings.MetricIntervalMs, settings.MetricTimeoutMs)
                {
                    TemporalityPreference = settings.IsDelta ? MetricReaderTemporalityPreference.Delta : MetricReaderTemporalityPreference.Cumulative,
                })
                .Build();
        }
    }

    /// <summary>Spans hold what was asked and answered: only where <c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c> says so.</summary>
    public bool CapturesContent => _settings is { CapturesContent: true, Traces: not null };

    /// <summary>What became of the telemetry, for /metrics.</summary>
    public IMetricsSource Counts => _counts;

    /// <summary>Starts what the process's environment asks for.</summary>
    public static RelayTelemetry Start() => Start(OtelVariables.OfProcess());

    /// <summary>Starts what these variables ask for.</summary>
    /// <param name="variables">By name, as in the environment.</param>
    public static RelayTelemetry Start(IReadOnlyDictionary<string, string> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return new(TelemetryReader.Read(variables));
    }

    /// <summary>Adds the export of logs, where it is asked for.</summary>
    public ILoggingBuilder AddTo(ILoggingBuilder logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        return _settings.Logs is not { } logs ? logging : logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.ParseStateValues = true;
            options.SetResourceBuilder(Resource());
            options.AddProcessor(new LogQueue(new CountedLogExporter(OptionsOf(logs), Resource(), _counts.Logs), _settings.LogRecords, _counts.Logs));
        });
    }

    /// <summary>Tells what is exported and what of the environment was not understood; from here on it tells of exports that fail.</summary>
    public void TellTo(ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        var log = loggers.CreateLogger<RelayTelemetry>();
        foreach (var signal in _counts.All)
        {
            signal.Log = log;
        }

        foreach (var problem in _settings.Problems)
        {
            Log.TelemetryProblem(log, problem);
        }

        Tell(log, "traces", _settings.Traces);
        Tell(log, "metrics", _settings.Metrics);
        Tell(log, "logs", _settings.Logs);
        if (CapturesContent)
        {
            Log.ContentIsExported(log);
        }
    }

    /// <summary>Exports what waits, for at most <see cref="LastExport"/>, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        var limit = (int)LastExport.TotalMilliseconds;
        var all = Task.WhenAll(
            Task.Run(() => _tracer?.Shutdown(limit)),
            Task.Run(() => _meter?.Shutdown(limit)));
        try
        {
            await all.WaitAsync(LastExport, TimeProvider.System);
            _tracer?.Dispose();
            _meter?.Dispose();
        }
        catch (TimeoutException)
        {
            // The collector does not answer; what it was to get is lost, and the process ends all the same.
        }
    }

    /// <summary>Exports spans and metrics now, for tests.</summary>
    internal void Flush()
    {
        _tracer?.ForceFlush();
        _meter?.ForceFlush();
    }

    private static void Tell(ILogger log, string signal, SignalSettings? settings)
    {
        if (settings is not null)
        {
            var shown = new UriBuilder(settings.Endpoint) { UserName = "", Password = "", Query = "" };
            Log.TelemetryGoes(log, signal, shown.Uri.ToString(), settings.IsGrpc ? "grpc" : "http/protobuf");
        }
    }

    private static OtlpExporterOptions OptionsOf(SignalSettings signal) => new()
    {
        Endpoint = signal.Endpoint,
        Protocol = signal.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
        Headers = signal.Headers,
        TimeoutMilliseconds = signal.TimeoutMs,
        Compression = signal.IsGzip ? OtlpExportCompression.GZip : OtlpExportCompression.None,
    };

    private static Sampler SamplerOf(TelemetrySettings settings) => settings.Sampler switch
    {
        TraceSampler.AlwaysOn => new AlwaysOnSampler(),
        TraceSampler.AlwaysOff => new AlwaysOffSampler(),
        TraceSampler.Ratio => new TraceIdRatioBasedSampler(settings.Ratio),
        TraceSampler.ParentAlwaysOff => new ParentBasedSampler(new AlwaysOffSampler()),
        TraceSampler.ParentRatio => new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.Ratio)),
        _ => new ParentBasedSampler(new AlwaysOnSampler()),
    };

    /// <summary>What the SDK reads by itself comes from the same variables.</summary>
    private void AddVariables(IServiceCollection services) => services.AddSingleton<IConfiguration>(
        new ConfigurationBuilder().AddInMemoryCollection(_settings.Variables.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build());

    private ResourceBuilder Resource()
    {
        var name = _settings.Variables.GetValueOrDefault("OTEL_SERVICE_NAME") is { Length: > 0 } given ? given : null;
        var builder = ResourceBuilder.CreateEmpty()
            .AddTelemetrySdk()
            .AddService("relay", serviceVersion: typeof(RelayTelemetry).Assembly.GetName().Version!.ToString(3), autoGenerateServiceInstanceId: false, serviceInstanceId: _instance)
            .AddAttributes(Attributes());
        return name is null ? builder : builder.AddAttributes([new("service.name", name)]);
    }

    /// <summary>OTEL_RESOURCE_ATTRIBUTES: key=value, percent-encoded, separated by commas.</summary>
    private IEnumerable<KeyValuePair<string, object>> Attributes() =>
        from pair in (_settings.Variables.GetValueOrDefault("OTEL_RESOURCE_ATTRIBUTES") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let at = pair.IndexOf('=', StringComparison.Ordinal)
        where at > 0
        select KeyValuePair.Create(pair[..at].Trim(), (object)Uri.UnescapeDataString(pair[(at + 1)..].Trim()));
}
