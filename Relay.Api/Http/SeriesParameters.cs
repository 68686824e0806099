using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Relay.Api.Stats;
using Relay.Core.Latency;

namespace Relay.Api.Http;

/// <summary>The parameters of a time series or heat-map: <c>metric</c>, <c>window</c> (default 5m) and <c>step</c> (default one slice of the window).</summary>
internal static class SeriesParameters
{
    private const string Metric = "metric";
    private const string Step = "step";

    private static readonly string SeriesMetrics = string.Join(", ", SeriesMetric.All.Select(metric => metric.Name));
    private static readonly string HeatmapMetrics = string.Join(", ", HeatmapMetric.All.Select(metric => metric.Name));

    /// <summary>Reads those of a time series, which must name a metric; returns what is wrong, or null.</summary>
    public static ErrorAnswer? Read(IQueryCollection query, out SeriesSelection selection)
    {
        selection = default;
        if (ReadWindow(query, out var window) is { } wrong)
        {
            return wrong;
        }

        var metrics = query[Metric];
        if (metrics.Count != 1 || SeriesMetric.Find(metrics[0]) is not { } metric)
        {
            return Invalid(Metric, metrics, $"one of {SeriesMetrics}");
        }

        var error = ReadStep(query, window, out var step);
        selection = new SeriesSelection(metric, window, step);
        return error;
    }

    /// <summary>Reads those of a heat-map, whose metric is the latency when none is named; returns what is wrong, or null.</summary>
    public static ErrorAnswer? Read(IQueryCollection query, out HeatmapSelection selection)
    {
        selection = default;
        if (ReadWindow(query, out var window) is { } wrong)
        {
            return wrong;
        }

        var metric = HeatmapMetric.Latency;
        if (query.TryGetValue(Metric, out var metrics))
        {
            if (metrics.Count != 1 || HeatmapMetric.Find(metrics[0]) is not { } named)
            {
                return Invalid(Metric, metrics, $"one of {HeatmapMetrics}");
            }

            metric = named;
        }

        var error = ReadStep(query, window, out var step);
        selection = new HeatmapSelection(metric, window, step);
        return error;
    }

    private static ErrorAnswer? ReadWindow(IQueryCollection query, out Window window)
    {
        window = WindowParameter.Default;
        foreach (var name in query.Keys)
        {
            if (name is not (Metric or WindowParameter.Name or Step))
            {
                return new ErrorAnswer(
                    StatusCodes.Status400BadRequest,
                    "unknown_parameter",
                    $"There is no parameter {ErrorAnswer.Echo(name)}; there are {Metric}, {WindowParameter.Name} (one of {WindowParameter.Allowed}) and {Step} (such as 15s or 2m).",
                    name);
            }
        }

        return query.TryGetValue(WindowParameter.Name, out var windows) ? WindowParameter.Read(windows, out window) : null;
    }

    private static ErrorAnswer? ReadStep(IQueryCollection query, Window window, out TimeSpan step)
    {
        var slice = WindowLevel.Of(window).Slice;
        step = slice;
        return query.TryGetValue(Step, out var steps) && (steps.Count != 1 || !StepParameter.TryParse(steps[0], out step) || step > window.Length())
            ? Invalid(Step, steps, $"a whole number of seconds, minutes or hours such as 15s, 2m or 1h, at most the window ({window.Label()}); it is rounded up to whole slices of {StepParameter.Label(slice)}")
            : null;
    }

    private static ErrorAnswer Invalid(string name, StringValues values, string allowed) => new(
        StatusCodes.Status400BadRequest,
        "invalid_parameter",
        $"{name} is {(values.Count == 0 ? "missing" : ErrorAnswer.Echo(values.ToString()))}; it must be {allowed}.",
        name);
}
