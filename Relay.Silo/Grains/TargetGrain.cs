using Relay.Core.Breaker;
using Relay.Core.Latency;

namespace Relay.Silo.Grains;

/// <summary>The single owner of what is known cluster-wide of one target: its attempts, and the worst breaker of all gateways.</summary>
/// <remarks>
/// Thread-safe: one lock for each grain, held for the merge of one delta or of one window's slices (microseconds), never across an
/// await. <c>now</c> is monotonic time since any origin, the same for all calls.
/// </remarks>
/// <param name="target">The target's name.</param>
public sealed class TargetGrain(string target)
{
    private readonly Lock _gate = new();
    private readonly Meter _meter = new();

    /// <summary>The most memory that one grain holds, in bytes: 8.1 MB; <see cref="Meter"/> says how much it holds otherwise.</summary>
    public static long MaxBytes => 64 + Meter.MaxBytes;

    /// <summary>Merges a gateway's delta. One that was merged before changes no figure, in whatever order deltas come.</summary>
    /// <param name="delta">The delta.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The cluster's view of the target after it.</returns>
    /// <exception cref="ArgumentException">The delta cannot be one that a gateway made; nothing was merged.</exception>
    public TargetView Apply(TargetDelta delta, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(delta);
        lock (_gate)
        {
            _meter.Apply(delta.Gateway, delta.Sequence, delta.Meter, delta.Active, delta.Breaker, now);
            return new TargetView(_meter.Gateways.Worst(now)?.State ?? BreakerState.Closed);
        }
    }

    /// <summary>The target's figures over a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="now">Monotonic time.</param>
    public TargetStats Stats(Window window, TimeSpan now)
    {
        lock (_gate)
        {
            return new TargetStats(target, _meter.Stats(window, now), _meter.Gateways.Worst(now));
        }
    }

    /// <summary>One part of the target's figures along a window.</summary>
    /// <param name="query">Which, over what, in what steps.</param>
    /// <param name="now">Monotonic time.</param>
    public MeterSeries Series(in SeriesQuery query, TimeSpan now)
    {
        lock (_gate)
        {
            return _meter.Series(query, now);
        }
    }
}
