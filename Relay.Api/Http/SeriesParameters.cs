using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Relay.Api.Stats;
using Relay.Core.Latency;

namespace Relay.Api.Http;

/// <summary>The parameters of a time series: <c>metric</c>, <c>window</c> (default 5m) and <c>step</c> (default one slice of the window).</summary>
internal static class SeriesParameters
{
    private const string Metric = "metric";
    private const string Step = "step";

    private static readonly string Metrics = string.Join(", ", SeriesMetric.All.Select(metric => metric.Name));

    /// <summary>Reads them; returns what is wrong, or null.</summary>
    public static ErrorAnswer? Read(IQueryCollection query, out SeriesSelection selection)
    {
        selection = default;
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

        var window = WindowParameter.Default;
        if (query.TryGetValue(WindowParameter.Name, out var windows) && WindowParameter.Read(windows, out window) is { } wrongWindow)
        {
            return wrongWindow;
        }

        var metrics = query[Metric];
        if (metrics.Count != 1 || SeriesMetric.Find(metrics[0]) is not { } metric)
        {
            return Invalid(Metric, metrics, $"one of {Metrics}");
        }

        var slice = WindowLevel.Of(window).Slice;
        var step = slice;
        if (query.TryGetValue(Step, out var steps) && (steps.Count != 1 || !StepParameter.TryParse(steps[0], out step) || step > window.Length()))
        {
            return Invalid(Step, steps, $"a whole number of seconds, minutes or hours such as 15s, 2m or 1h, at most the window ({window.Label()}); it is rounded up to whole slices of {StepParameter.Label(slice)}");
        }

        selection = new SeriesSelection(metric, window, step);
        return null;
    }

    private static ErrorAnswer Invalid(string name, StringValues values, string allowed) => new(
        StatusCodes.Status400BadRequest,
        "invalid_parameter",
        $"{name} is {(values.Count == 0 ? "missing" : ErrorAnswer.Echo(values.ToString()))}; it must be {allowed}.",
        name);
}
