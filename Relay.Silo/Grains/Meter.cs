using Relay.Core.Latency;

namespace Relay.Silo.Grains;

/// <summary>
/// What a target and a model share: counters and four distributions over all windows, and the gateways that report them.
/// </summary>
/// <remarks>
/// Memory: <see cref="MaxBytes"/> (8.6 MB) at worst, with every bucket of every slice hit for a day. 10 streams a second all day, over a
/// usual spread, take a fifth of that (1.7 MB); an idle meter takes 70 KB. Tests hold all three. <c>now</c> is monotonic time since any origin. Not thread-safe, reads included: the grain locks.
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

    /// <summary>Merges a delta of a gateway, unless the same one was merged before.</summary>
    /// <exception cref="ArgumentException">The delta cannot be one that a gateway made; nothing was merged.</exception>
    /// <returns>What is known of the gateway.</returns>
    public Receipt Apply(string gateway, long sequence, MeterDelta? delta, int active, BreakerReport? breaker, TimeSpan now)
    {
        ArgumentException.ThrowIfNullOrEmpty(gateway);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(gateway.Length, GatewayReports.MaxIdLength, nameof(gateway));
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        var report = Gateways.Hear(gateway, now);
        if (report.WasCounted(sequence))
        {
            return report.Receipt;
        }

        if (delta is not null)
        {
            Add(delta, now);
        }

        var hasGap = report.First != 0 && report.Skips(sequence);
        report.Take(sequence, active, breaker);
        return report.Receipt with { HasGap = hasGap, IsNew = true };
    }

    /// <summary>Takes over what a gateway reported before this meter first heard it. Each gateway's is taken once.</summary>
    /// <returns>False when this is not what is wanted: the gateway is not known, or known since another delta.</returns>
    public bool Restore(string gateway, long before, MeterHistory history, TimeSpan now)
    {
        if (Gateways.Find(gateway) is not { } report || report.First != before)
        {
            return false;
        }

        if (report.Receipt.WantsHistory)
        {
            Import(history, now);
            report.IsWhole = true;
        }

        return true;
    }

    /// <summary>All that is held, slice by slice.</summary>
    public MeterHistory Export(TimeSpan now) =>
        new(now, _counts.Export(now), _latency.Export(now), _firstToken.Export(now), _interToken.Export(now), _tokensPerSecond.Export(now));

    /// <summary>Merges what another meter held into the times that it is of.</summary>
    public void Import(MeterHistory history, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(history);

        // Clocks of two machines differ a little; a slice that is open there must not be behind one that is open here.
        now = history.At > now ? history.At : now;
        _counts.Import(history.Counts, now);
        _latency.Import(history.Latency, now);
        _firstToken.Import(history.FirstToken, now);
        _interToken.Import(history.InterToken, now);
        _tokensPerSecond.Import(history.TokensPerSecond, now);
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

    /// <summary>Merges a delta.</summary>
    public void Add(MeterDelta delta, TimeSpan now)
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
