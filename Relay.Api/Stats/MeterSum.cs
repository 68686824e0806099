using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <summary>Adds up meters: percentiles of all requests come from the merged distributions, never from averaging percentiles.</summary>
internal static class MeterSum
{
    /// <summary>All meters together.</summary>
    public static MeterStats Of(IReadOnlyList<MeterStats> meters)
    {
        var counts = new long[Counters.Width];
        var active = 0L;
        foreach (var meter in meters)
        {
            active += meter.Active;
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] = Add(counts[i], meter.Counts[i]);
            }
        }

        return new MeterStats(
            counts,
            Merge(meters, static meter => meter.Latency),
            Merge(meters, static meter => meter.FirstToken),
            Merge(meters, static meter => meter.InterToken),
            Merge(meters, static meter => meter.TokensPerSecond),
            (int)Math.Min(active, int.MaxValue));
    }

    /// <summary>The sum of two numbers that are not negative; stops at the largest, as statistics must not throw.</summary>
    public static long Add(long a, long b)
    {
        var sum = unchecked(a + b);
        return sum < 0 ? long.MaxValue : sum;
    }

    private static HistogramSnapshot Merge(IReadOnlyList<MeterStats> meters, Func<MeterStats, HistogramSnapshot> part) =>
        HistogramSnapshot.MergeAll([.. meters.Select(part)]);
}
