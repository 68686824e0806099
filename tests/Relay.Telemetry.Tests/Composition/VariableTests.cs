using System.Diagnostics;
using Relay.ServiceDefaults.Telemetry;

namespace Relay.Telemetry.Tests.Composition;

/// <summary>What becomes of OpenTelemetry's variables, right and wrong.</summary>
public sealed class VariableTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    [Fact]
    public async Task NoEndpoint_NothingIsStarted()
    {
        using var source = new ActivitySource("Relay.Gateway");
        await using var telemetry = RelayTelemetry.Start(new Dictionary<string, string> { ["OTEL_SERVICE_NAME"] = "x", ["OTEL_TRACES_SAMPLER"] = "always_on", [Endpoint] = "" });

        Assert.False(source.HasListeners());
        Assert.Empty(Read(("OTEL_BSP_MAX_QUEUE_SIZE", "nonsense")).Problems);
    }

    [Fact]
    public async Task Disabled_NothingIsStarted()
    {
        using var source = new ActivitySource("Relay.Gateway");
        await using var telemetry = RelayTelemetry.Start(new Dictionary<string, string> { ["OTEL_SDK_DISABLED"] = "TRUE", [Endpoint] = "http://127.0.0.1:4317" });

        Assert.False(source.HasListeners());
    }

    [Fact]
    public async Task Endpoint_StartsToListen()
    {
        using var source = new ActivitySource("Relay.Gateway");
        await using var telemetry = RelayTelemetry.Start(new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://127.0.0.1:9" });

        Assert.True(source.HasListeners());
    }

    [Fact]
    public void CommonEndpoint_IsACollectorsAndASignalsOwnIsUsedAsItStands()
    {
        var settings = Read((Endpoint, "http://c:4318/base/"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://l:1/own"), ("OTEL_METRICS_EXPORTER", "none"));

        Assert.Equal("http://c:4318/base/v1/traces", settings.Traces!.Endpoint.ToString());
        Assert.Equal("http://l:1/own", settings.Logs!.Endpoint.ToString());
        Assert.Null(settings.Metrics);
        Assert.Equal("http://c:4317/", Read((Endpoint, "http://c:4317")).Traces!.Endpoint.ToString());
        Assert.True(Read((Endpoint, "http://c:4317")).Traces!.IsGrpc);
    }

    [Fact]
    public void OneSignalsEndpoint_StartsThatSignalAlone()
    {
        var settings = Read(("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://c:4317"), ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "a=b,c=d%20e"), ("OTEL_EXPORTER_OTLP_HEADERS", "x=y"));

        Assert.Equal((true, true, false), (settings.Traces is null, settings.Logs is null, settings.Metrics is null));
        Assert.Equal("a=b,c=d%20e", settings.Metrics!.Headers);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "OTEL_EXPORTER_OTLP_PROTOCOL is 'http/json'; it may be grpc, http/protobuf. Grpc is used.")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "-1", "OTEL_EXPORTER_OTLP_TIMEOUT is '-1'; it may be a whole number from 1 to 86400000. 10000 is used.")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "zstd", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION is 'zstd'; it may be none, gzip. None is used.")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "secret-without-a-name", "OTEL_EXPORTER_OTLP_HEADERS is broken; it may be key=value, more of them separated by commas. No header is sent.")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "=x", "OTEL_RESOURCE_ATTRIBUTES is broken; it may be key=value, more of them separated by commas. It is left out.")]
    [InlineData("OTEL_TRACES_SAMPLER", "sometimes", "OTEL_TRACES_SAMPLER is 'sometimes'; it may be parentbased_always_on, parentbased_always_off, parentbased_traceidratio, always_on, always_off, traceidratio. Parentbased_always_on is used.")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "1.5", "OTEL_TRACES_SAMPLER_ARG is '1.5'; it may be a number from 0 to 1. 1 is used.")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "1s", "OTEL_METRIC_EXPORT_INTERVAL is '1s'; it may be a whole number from 100 to 86400000. 60000 is used.")]
    [InlineData("OTEL_BSP_MAX_QUEUE_SIZE", "0", "OTEL_BSP_MAX_QUEUE_SIZE is '0'; it may be a whole number from 1 to 1000000. 2048 is used.")]
    [InlineData("OTEL_BLRP_SCHEDULE_DELAY", "soon", "OTEL_BLRP_SCHEDULE_DELAY is 'soon'; it may be a whole number from 1 to 86400000. 1000 is used.")]
    [InlineData("OTEL_LOGS_EXPORTER", "console", "OTEL_LOGS_EXPORTER is 'console'; it may be otlp, none. Otlp is used.")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "up", "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE is 'up'; it may be cumulative, delta. Cumulative is used.")]
    [InlineData("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "on", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT is 'on'; it may be false, true, no_content, span_only, span_and_event. False is used.")]
    [InlineData("OTEL_SDK_DISABLED", "1", "OTEL_SDK_DISABLED is '1'; it may be false, true. False is used.")]
    public void WrongValue_IsToldOnceWithItsVariableAndWhatIsUsedInstead(string name, string value, string problem)
    {
        var settings = Read((Endpoint, "http://127.0.0.1:4317"), (name, value));

        Assert.Equal([problem], settings.Problems);
        Assert.NotNull(settings.Traces);
        Assert.False(settings.CapturesContent);
    }

    [Theory]
    [InlineData("127.0.0.1:4317", "OTEL_EXPORTER_OTLP_ENDPOINT is '127.0.0.1:4317'; it may be a URL that begins with http:// or https://. Nothing is exported there.")]
    [InlineData("ftp://user:pass@host", "OTEL_EXPORTER_OTLP_ENDPOINT is not understood; it may be a URL that begins with http:// or https://. Nothing is exported there.")]
    public void WrongEndpoint_IsToldAndNothingIsExportedThere(string value, string problem)
    {
        var settings = Read((Endpoint, value), ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://127.0.0.1:4317"));

        Assert.Equal([problem], settings.Problems);
        Assert.Equal((true, true, false), (settings.Traces is null, settings.Metrics is null, settings.Logs is null));
    }

    [Fact]
    public void RightValues_AreTaken()
    {
        var settings = Read(
            (Endpoint, "https://c"),
            ("OTEL_TRACES_SAMPLER", "ParentBased_TraceIdRatio"),
            ("OTEL_TRACES_SAMPLER_ARG", "0.01"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "5000"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
            ("OTEL_BSP_SCHEDULE_DELAY", "50"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"));

        Assert.Empty(settings.Problems);
        Assert.Equal((TraceSampler.ParentRatio, 0.01, 5_000), (settings.Sampler, settings.Ratio, settings.MetricIntervalMs));
        Assert.Equal(new BatchSettings(50, 100, 100, 30_000), settings.Spans);
        Assert.True(settings.Traces!.IsGzip);
    }

    private static TelemetrySettings Read(params (string Name, string Value)[] variables) => TelemetryReader.Read(variables.ToDictionary(v => v.Name, v => v.Value));
}
