using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <content>Time series.</content>
public sealed partial class StatsQuery
{
    /// <summary>A figure of all models together.</summary>
    public async Task<SeriesReport> GetSeriesAsync(SeriesSelection selection, CancellationToken cancellation)
    {
        var sum = new SeriesSum(Step(selection));
        foreach (var model in topology.Models)
        {
            sum.Add(await grains.GetModelSeriesAsync(model.Model, Query(selection), cancellation));
        }

        return Report(selection, sum);
    }

    /// <summary>A figure of one model; null when none of that name is configured.</summary>
    public async Task<SeriesReport?> FindModelSeriesAsync(string model, SeriesSelection selection, CancellationToken cancellation) =>
        topology.Models.Any(known => known.Model == model)
            ? Report(selection, await grains.GetModelSeriesAsync(model, Query(selection), cancellation))
            : null;

    /// <summary>A figure of one target; null when no model uses one of that name.</summary>
    public async Task<SeriesReport?> FindTargetSeriesAsync(string target, SeriesSelection selection, CancellationToken cancellation) =>
        topology.Models.Any(known => known.Targets.Contains(target))
            ? Report(selection, await grains.GetTargetSeriesAsync(target, Query(selection), cancellation))
            : null;

    private static SeriesQuery Query(SeriesSelection selection) => new(selection.Metric.Part, selection.Window, Step(selection));

    private static TimeSpan Step(SeriesSelection selection) => WindowLevel.Of(selection.Window).RoundUp(selection.Step);

    private SeriesReport Report(SeriesSelection selection, MeterSeries series)
    {
        var sum = new SeriesSum(series.Step);
        sum.Add(series);
        return Report(selection, sum);
    }

    private SeriesReport Report(SeriesSelection selection, SeriesSum sum)
    {
        var utcNow = time.GetUtcNow();
        return new SeriesReport(selection.Metric, selection.Window, Step(selection), utcNow, sum.ToValues(selection.Metric, utcNow));
    }
}
