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
    /// <summary>The most changes of its breaker that are kept.</summary>
    public const int MaxChanges = 50;

    // A time with its offset, two states and a reason.
    private const int BytesPerChange = 32;

    private readonly Lock _gate = new();
    private readonly Meter _meter = new();
    private readonly Latest<BreakerChange> _changes = new(MaxChanges, static change => change.At);
    private BreakerDecision _decision;

    /// <summary>The most memory that one grain holds, in bytes: 8.3 MB; <see cref="Meter"/> says how much it holds otherwise.</summary>
    public static long MaxBytes => 192 + Meter.MaxBytes + (2 * MaxChanges * BytesPerChange);

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
            if (_meter.Apply(delta.Gateway, delta.Sequence, delta.Meter, delta.Active, delta.Breaker, now))
            {
                foreach (var change in delta.Changes)
                {
                    _changes.Add(change);
                }
            }

            if (delta.Breaker.Decision.Version > _decision.Version)
            {
                _decision = delta.Breaker.Decision;
            }

            return new TargetView(_meter.Gateways.Worst(now)?.State ?? BreakerState.Closed, _decision);
        }
    }

    /// <summary>Holds the breaker open or closed, or resets it. The decision stays also when no gateway reports any more: those that come back follow it.</summary>
    /// <param name="force">What it is held at; None resets it.</param>
    /// <param name="now">Monotonic time since 1970 UTC, so that a decision is later than those of a grain before this one.</param>
    public TargetBreakerState Decide(BreakerForce force, TimeSpan now)
    {
        lock (_gate)
        {
            _decision = new(force, Math.Max(_decision.Version + 1, now.Ticks));
            return Breaker_NeedsLock(now);
        }
    }

    /// <summary>The breaker, what was decided for it, and how it changed.</summary>
    /// <param name="now">Monotonic time.</param>
    public TargetBreakerState Breaker(TimeSpan now)
    {
        lock (_gate)
        {
            return Breaker_NeedsLock(now);
        }
    }

    /// <summary>The target's figures over a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="now">Monotonic time.</param>
    public TargetStats Stats(Window window, TimeSpan now)
    {
        lock (_gate)
        {
            return new TargetStats(target, _meter.Stats(window, now), Worst_NeedsLock(now));
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

    private TargetBreakerState Breaker_NeedsLock(TimeSpan now) => new(target, Worst_NeedsLock(now), _decision, _changes.NewestFirst());

    private BreakerReport? Worst_NeedsLock(TimeSpan now) =>
        _meter.Gateways.Worst(now) is { } worst ? worst with { Decision = _decision } : null;
}
