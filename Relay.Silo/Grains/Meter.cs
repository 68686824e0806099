using Relay.Core.Latency;

namespace Relay.Silo.Grains;

/// <summary>
/// What a target and a model share: counters and four distributions over all windows, and the gateways that report them.
/// </summary>
/// <remarks>
/// Memory: <see cref="MaxBytes"/> (8.3 MB) at worst, with every bucket of every slice hit for a day. 10 streams a second all day, over a
/// usual spread, take less than a fifth of that (1.6 MB); an idle meter takes 70 KB. Tests hold all three. <c>now</c> is monotonic time since any origin. Not thread-safe, reads included: the grain locks.
/// </remarks>
internal sealed class Meter
{
    private readonly RollingCounters _counts = new(Counters.Width);
    private readonly RollingHistogram _latency = new();
    private readonly RollingHistogram _firstToken = new();
    private readonly RollingHistogram _interToken = new();
    private readonly RollingHistogram _tokensPerSecond = new();

    /// <summary>The most memory that one meter holds, in bytes.</summary>
    public static long MaxBytes => 64 + RollingCounters.MaxBytes(Counters.Width) + (4 * RollingHistogram.MaxBytes) + GatewayReports.MaxBytes;

    /// <summary>The memory held now, in bytes, as laid out on 64 bits; the gateways are counted as if there were as many as may be. For tests and diagnostics.</summary>
    public long ApproximateBytes => 64 + _counts.ApproximateBytes + _latency.ApproximateBytes + _firstToken.ApproximateBytes
        + _interToken.ApproximateBytes + _tokensPerSecond.ApproximateBytes + GatewayReports.MaxBytes;

    /// <summary>The gateways that report.</summary>
    public GatewayReports Gateways { get; } = new();

    /// <summary>Merges a delta, unless the same one was merged before.</summary>
    /// <returns>True when it counts now.</returns>
    /// <exception cref="ArgumentException">The delta cannot be one that a gateway made; nothing was merged.</exception>
    public bool Apply(string gateway, long sequence, MeterDelta? delta, int active, BreakerReport? breaker, TimeSpan now)
    {
        ArgumentException.ThrowIfNullOrEmpty(gateway);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(gateway.Length, GatewayReports.MaxIdLength, nameof(gateway));
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        var report = Gateways.Hear(gateway, now);
        if (report.WasCounted(sequence))
        {
            return false;
        }

        if (delta is not null)
        {
            Add(delta, now);
        }

        report.Take(sequence, active, breaker);
        return true;
    }

    /// <summary>The figures over a window.</summary>
    public MeterStats Stats(Window window, TimeSpan now)
    {
        var counts = new long[Counters.Width];
        _counts.Sum(window, now, counts);
        return new MeterStats(
            counts,
            _latency.Snapshot(window, now),
            _firstToken.Snapshot(window, now),
            _interToken.Snapshot(window, now),
            _tokensPerSecond.Snapshot(window, now),
            Gateways.Active(now));
    }

    /// <summary>One part along a window.</summary>
    public MeterSeries Series(in SeriesQuery query, TimeSpan now)
    {
        var (part, window, step) = query;
        List<SeriesPoint<MeterSlice>> points = part == MeterPart.Counts
            ? [.. _counts.Series(window, step, now).Select(p => new SeriesPoint<MeterSlice>(p.Start, p.End, new MeterSlice(p.Value, HistogramSnapshot.Empty)))]
            : [.. Distribution(part).Series(window, step, now).Select(p => new SeriesPoint<MeterSlice>(p.Start, p.End, new MeterSlice([], p.Value)))];
        return new MeterSeries(WindowLevel.Of(window).RoundUp(step), now, points);
    }

    private void Add(MeterDelta delta, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(delta.Latency);
        ArgumentNullException.ThrowIfNull(delta.FirstToken);
        ArgumentNullException.ThrowIfNull(delta.InterToken);
        ArgumentNullException.ThrowIfNull(delta.TokensPerSecond);

        // First, as it checks every count before it adds one; the distributions cannot fail.
        _counts.AddAll(delta.Counts, now);
        _latency.Add(delta.Latency, now);
        _firstToken.Add(delta.FirstToken, now);
        _interToken.Add(delta.InterToken, now);
        _tokensPerSecond.Add(delta.TokensPerSecond, now);
    }

    private RollingHistogram Distribution(MeterPart part) => part switch
    {
        MeterPart.Latency => _latency,
        MeterPart.FirstToken => _firstToken,
        MeterPart.InterToken => _interToken,
        MeterPart.TokensPerSecond => _tokensPerSecond,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Not a distribution of a meter."),
    };
}
