using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <summary>
/// Adds up series step by step. Steps are told by their place on the clock and not in the list: of two meters that are asked one after
/// the other, the second may have begun a new slice.
/// </summary>
/// <param name="step">The length of a point in all of them.</param>
internal sealed class SeriesSum(TimeSpan step)
{
    private readonly SortedDictionary<long, SeriesPoint<MeterSlice>> _points = [];
    private TimeSpan _now;

    /// <summary>Adds a series.</summary>
    public void Add(MeterSeries series)
    {
        _now = series.Now > _now ? series.Now : _now;
        foreach (var point in series.Points)
        {
            var (place, rest) = Math.DivRem(point.Start.Ticks, step.Ticks);
            place -= rest < 0 ? 1 : 0;
            _points[place] = _points.TryGetValue(place, out var known) ? Add(known, point) : point;
        }
    }

    /// <summary>The values of a metric, in wall-clock time.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="utcNow">The wall clock now.</param>
    public SeriesValue[] ToValues(SeriesMetric metric, DateTimeOffset utcNow) =>
        [.. ToPoints(utcNow).Select(point => new SeriesValue(point.Start, point.End, metric.ValueOf(point.Value)))];

    /// <summary>The steps, in wall-clock time.</summary>
    /// <param name="utcNow">The wall clock now.</param>
    public (DateTimeOffset Start, DateTimeOffset End, MeterSlice Value)[] ToPoints(DateTimeOffset utcNow)
    {
        // The grains' clock does not stop for a clock that is set, and may for a machine that sleeps. Whole seconds keep steps from trembling.
        var epoch = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(Math.Round((utcNow - DateTimeOffset.UnixEpoch - _now).TotalSeconds));
        return [.. _points.Values.Select(point => (epoch + point.Start, epoch + point.End, point.Value))];
    }

    private static SeriesPoint<MeterSlice> Add(in SeriesPoint<MeterSlice> a, in SeriesPoint<MeterSlice> b) => new(
        a.Start < b.Start ? a.Start : b.Start,
        a.End > b.End ? a.End : b.End,
        new MeterSlice(
            [.. a.Value.Counts.Zip(b.Value.Counts, MeterSum.Add)],
            HistogramSnapshot.Merge(a.Value.Distribution, b.Value.Distribution)));
}
