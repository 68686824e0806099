using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

/// <summary>Deltas as a gateway would make them.</summary>
internal static class Delta
{
    public static readonly BreakerReport Closed = Breaker(BreakerState.Closed);

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TargetDelta Target(string target, string gateway, long sequence, long count = 1, int active = 0, BreakerReport? breaker = null) =>
        new(gateway, sequence, target, Meter(count), breaker ?? Closed, active);

    public static ModelDelta Model(string model, string gateway, long sequence, long count = 1, int active = 0) =>
        new(gateway, sequence, model, Meter(count), active);

    /// <summary>So many attempts that ended well, each of 1,000 µs in all, 100 µs to its first token, 10 µs between two, at 50 tokens/s.</summary>
    public static MeterDelta Meter(long count)
    {
        var counts = new long[Counters.Width];
        counts[Counters.Count] = count;
        counts[Counters.Successes] = count;
        return new MeterDelta(counts, Times(1_000, count), Times(100, count), Times(10, count), Times(50 * TokenRate.UnitsPerTokenPerSecond, count));
    }

    public static BreakerReport Breaker(BreakerState state, int sinceSecond = 0, int? openUntilSecond = null) =>
        new(state, BreakerReason.None, Start.AddSeconds(sinceSecond), openUntilSecond is { } second ? Start.AddSeconds(second) : null, 0);

    private static HistogramSnapshot Times(long micros, long count)
    {
        var buffer = new HistogramBuffer();
        buffer.RecordCount(micros, count);
        return buffer.Drain();
    }
}
