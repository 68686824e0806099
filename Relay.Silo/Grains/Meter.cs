using Relay.Core.Latency;

namespace Relay.Silo.Grains;

/// <summary>
/// What a target and a model share: counters and three latency distributions over all windows, and the gateways that report them.
/// </summary>
/// <remarks>
/// Memory: <see cref="MaxBytes"/> (6.0 MB) at worst, with every bucket of every slice hit for a day; about 50 KB when idle and
/// 0.5 MB when busy. <c>now</c> is monotonic time since any origin. Not thread-safe, reads included: the grain locks.
/// </remarks>
internal sealed class Meter
{
    private readonly RollingCounters _counts = new(Counters.Width);
    private readonly RollingHistogram _latency = new();
    private readonly RollingHistogram _firstToken = new();
    private readonly RollingHistogram _interToken = new();

    /// <summary>The most memory that one meter holds, in bytes.</summary>
    public static long MaxBytes => 64 + RollingCounters.MaxBytes(Counters.Width) + (3 * RollingHistogram.MaxBytes) + GatewayReports.MaxBytes;

    /// <summary>The gateways that report.</summary>
    public GatewayReports Gateways { get; } = new();

    /// <summary>Merges a delta, unless the same one was merged before.</summary>
    /// <exception cref="ArgumentException">The delta cannot be one that a gateway made; nothing was merged.</exception>
    public void Apply(string gateway, long sequence, MeterDelta? delta, int active, BreakerReport? breaker, TimeSpan now)
    {
        ArgumentException.ThrowIfNullOrEmpty(gateway);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(gateway.Length, GatewayReports.MaxIdLength, nameof(gateway));
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        var report = Gateways.Hear(gateway, now);
        if (report.WasCounted(sequence))
        {
            return;
        }

        if (delta is not null)
        {
            Add(delta, now);
        }

        report.Take(sequence, active, breaker);
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
            Gateways.Active(now));
    }

    private void Add(MeterDelta delta, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(delta.Latency);
        ArgumentNullException.ThrowIfNull(delta.FirstToken);
        ArgumentNullException.ThrowIfNull(delta.InterToken);

        // First, as it checks every count before it adds one; the distributions cannot fail.
        _counts.AddAll(delta.Counts, now);
        _latency.Add(delta.Latency, now);
        _firstToken.Add(delta.FirstToken, now);
        _interToken.Add(delta.InterToken, now);
    }
}
