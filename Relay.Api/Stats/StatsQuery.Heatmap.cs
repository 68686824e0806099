using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <content>Heat-maps.</content>
public sealed partial class StatsQuery
{
    /// <summary>A distribution of all models together.</summary>
    public async Task<HeatmapReport> GetHeatmapAsync(HeatmapSelection selection, CancellationToken cancellation)
    {
        var sum = new SeriesSum(Step(selection));
        foreach (var model in topology.Models)
        {
            sum.Add(await grains.GetModelSeriesAsync(model.Model, Query(selection), cancellation));
        }

        return Report(selection, sum);
    }

    /// <summary>A distribution of one model; null when none of that name is configured.</summary>
    public async Task<HeatmapReport?> FindModelHeatmapAsync(string model, HeatmapSelection selection, CancellationToken cancellation) =>
        HasModel(model) ? Report(selection, await grains.GetModelSeriesAsync(model, Query(selection), cancellation)) : null;

    /// <summary>A distribution of one target; null when no model uses one of that name.</summary>
    public async Task<HeatmapReport?> FindTargetHeatmapAsync(string target, HeatmapSelection selection, CancellationToken cancellation) =>
        HasTarget(target) ? Report(selection, await grains.GetTargetSeriesAsync(target, Query(selection), cancellation)) : null;

    private static SeriesQuery Query(HeatmapSelection selection) => new(selection.Metric.Part, selection.Window, Step(selection));

    private static TimeSpan Step(HeatmapSelection selection) => WindowLevel.Of(selection.Window).RoundUp(selection.Step);

    private HeatmapReport Report(HeatmapSelection selection, MeterSeries series)
    {
        var sum = new SeriesSum(series.Step);
        sum.Add(series);
        return Report(selection, sum);
    }

    private HeatmapReport Report(HeatmapSelection selection, SeriesSum sum)
    {
        var utcNow = time.GetUtcNow();
        var points = sum.ToPoints(utcNow);
        var rows = HeatmapRows.Of(points.Select(point => point.Value.Distribution));
        return new HeatmapReport(
            selection.Metric,
            selection.Window,
            Step(selection),
            utcNow,
            rows.Bounds,
            [.. points.Select(point => new HeatmapColumn(point.Start, point.End, rows.Count(point.Value.Distribution)))]);
    }
}
