using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <content>Trails.</content>
public sealed partial class StatsQuery
{
    private static readonly SeriesMetric P95 = SeriesMetric.Find("latency_p95")!;

    /// <summary>The trails of all models and targets.</summary>
    public async Task<TrailReport> GetTrailsAsync(Window window, CancellationToken cancellation)
    {
        var level = WindowLevel.Of(window);
        var now = time.GetUtcNow();
        var end = (now - DateTimeOffset.UnixEpoch).Ticks / level.Slice.Ticks;
        var steps = new Steps(end - level.Slices + 1, level.Slices, level.Slice);
        var models = new List<Trail>();
        foreach (var model in topology.Models)
        {
            models.Add(await TrailAsync(model.Model, grains.GetModelSeriesAsync, window, steps, cancellation));
        }

        var targets = new List<Trail>();
        foreach (var target in topology.Models.SelectMany(model => model.Targets).Distinct())
        {
            targets.Add(await TrailAsync(target, grains.GetTargetSeriesAsync, window, steps, cancellation));
        }

        return new TrailReport(window, level.Slice, DateTimeOffset.UnixEpoch + (steps.First * level.Slice), now, models, targets);
    }

    private async Task<Trail> TrailAsync(
        string name, Func<string, SeriesQuery, CancellationToken, ValueTask<MeterSeries>> ask, Window window, Steps steps, CancellationToken cancellation)
    {
        var points = new TrailPoint[steps.Count];
        var counts = await ask(name, new SeriesQuery(MeterPart.Counts, window, steps.Length), cancellation);
        var latency = await ask(name, new SeriesQuery(MeterPart.Latency, window, steps.Length), cancellation);
        foreach (var (at, slice) in Placed(counts, steps))
        {
            var (count, successes) = (slice.Counts[Counters.Count], slice.Counts[Counters.Successes]);
            points[at] = points[at] with { Count = count, Failed = count - successes };
        }

        foreach (var (at, slice) in Placed(latency, steps))
        {
            points[at] = points[at] with { P95 = P95.ValueOf(slice) };
        }

        return new Trail(name, points);
    }

    private IEnumerable<(int At, MeterSlice Slice)> Placed(MeterSeries series, Steps steps)
    {
        var sum = new SeriesSum(series.Step);
        sum.Add(series);
        foreach (var (start, _, slice) in sum.ToPoints(time.GetUtcNow()))
        {
            var at = ((start - DateTimeOffset.UnixEpoch).Ticks / steps.Length.Ticks) - steps.First;
            if (at >= 0 && at < steps.Count)
            {
                yield return ((int)at, slice);
            }
        }
    }

    /// <summary>The steps of a trail: <paramref name="First"/> counts multiples of <paramref name="Length"/> since 1970 UTC.</summary>
    private readonly record struct Steps(long First, int Count, TimeSpan Length);
}
