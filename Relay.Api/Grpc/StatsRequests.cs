using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Relay.Api.Http;
using Relay.Api.Live;
using Relay.Api.Stats;
using Relay.Core.Errors;
using Relay.Core.Latency;
using Relay.Grpc;

namespace Relay.Api.Grpc;

/// <summary>Reads the requests of stats.proto; what is wrong ends the call in the words of HTTP's errors.</summary>
internal static class StatsRequests
{
    private static readonly string Metrics = string.Join(", ", SeriesMetric.All.Select(metric => metric.Name));
    private static readonly string HeatmapMetrics = string.Join(", ", HeatmapMetric.All.Select(metric => metric.Name));

    /// <summary>A window; one that is not set is 5m.</summary>
    public static Window Window(V1.Window window) => window switch
    {
        V1.Window.Unspecified => WindowParameter.Default,
        V1.Window._1M => Core.Latency.Window.OneMinute,
        V1.Window._5M => Core.Latency.Window.FiveMinutes,
        V1.Window._1H => Core.Latency.Window.OneHour,
        V1.Window._24H => Core.Latency.Window.TwentyFourHours,
        _ => throw Invalid("window", $"window is {(int)window}; it must be one of {WindowParameter.Allowed}."),
    };

    /// <summary>A rate of frames; one that is not set is the highest.</summary>
    public static double Rate(double rate) => rate switch
    {
        0 => WatchHub.MaxFramesPerSecond,
        > 0 and <= WatchHub.MaxFramesPerSecond => rate,
        _ => throw Invalid("max_frames_per_second", string.Create(CultureInfo.InvariantCulture, $"max_frames_per_second is {rate}; it must be above 0 and up to {WatchHub.MaxFramesPerSecond}.")),
    };

    /// <summary>What is asked of a series.</summary>
    public static SeriesSelection Series(V1.GetSeriesRequest request)
    {
        var window = Window(request.Window);
        var metric = SeriesMetric.Find(request.Metric) ?? throw Invalid("metric", $"metric is {Told(request.Metric)}; it must be one of {Metrics}.");
        return new SeriesSelection(metric, window, Step(request.Step, window));
    }

    /// <summary>What is asked of a heat-map; a metric that is not set is the latency.</summary>
    public static HeatmapSelection Heatmap(V1.GetHeatmapRequest request)
    {
        var window = Window(request.Window);
        var metric = request.Metric.Length == 0 ? HeatmapMetric.Latency : HeatmapMetric.Find(request.Metric);
        return new HeatmapSelection(
            metric ?? throw Invalid("metric", $"metric is {Told(request.Metric)}; it must be one of {HeatmapMetrics}."), window, Step(request.Step, window));
    }

    /// <summary>Which failovers are asked for.</summary>
    public static FailoverSelection Failovers(V1.ListFailoversRequest request) => request.Limit is >= 0 and <= FailoverSelection.MaxLimit
        ? new(OrNull(request.Model), OrNull(request.Target), request.Limit == 0 ? FailoverSelection.DefaultLimit : request.Limit)
        : throw Invalid("limit", $"limit is {request.Limit}; it must be 1 to {FailoverSelection.MaxLimit:N0}.");

    /// <summary>What ends a call for a model that is not configured.</summary>
    public static GrpcException NoModel(string name) => new(GrpcStatus.Of(
        ErrorKind.UnknownModel, $"No model {Told(name)} is configured; GetInfo lists those that are.") with { Info = [new("param", "model")] });

    /// <summary>What ends a call for a target that no model uses.</summary>
    public static GrpcException NoTarget(string name) => new(
        new GrpcStatus(GrpcStatusCode.NotFound, ErrorKind.InvalidRequest, $"No model has a target {Told(name)}; ListTargets lists those that are configured.")
        {
            ErrorCode = "target_not_found",
            Info = [new("param", "target")],
        });

    /// <summary>What ends a call with a field that is wrong.</summary>
    public static GrpcException Invalid(string field, string message) =>
        new(GrpcStatus.Of(ErrorKind.InvalidRequest, message) with { ErrorCode = "invalid_parameter", Info = [new("param", field)] });

    private static TimeSpan Step(Duration? step, Window window)
    {
        if (step is null)
        {
            return WindowLevel.Of(window).Slice;
        }

        // Checked before it is made a span, which does not hold every one.
        var isWithin = step.Seconds >= 0 && step.Seconds <= window.Length().TotalSeconds && step.Nanos is >= 0 and < 1_000_000_000;
        var span = isWithin ? TimeSpan.FromSeconds(step.Seconds) + TimeSpan.FromTicks((step.Nanos + 99) / 100) : TimeSpan.Zero;
        return span > TimeSpan.Zero && span <= window.Length()
            ? span
            : throw Invalid("step", $"step must be above zero and at most the window ({window.Label()}); it is rounded up to whole slices of {StepParameter.Label(WindowLevel.Of(window).Slice)}.");
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private static string Told(string text) => text.Length == 0 ? "missing" : ErrorAnswer.Echo(text);
}
