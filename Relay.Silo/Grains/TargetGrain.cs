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
    private readonly ClusterBreaker _breaker = new();
    private readonly Latest<BreakerChange> _changes = new(MaxChanges, static change => change.At);
    private BreakerDecision _decision;

    /// <summary>The most memory that one grain holds, in bytes: 8.6 MB; <see cref="Meter"/> says how much it holds otherwise.</summary>
    public static long MaxBytes => 256 + Meter.MaxBytes + (2 * MaxChanges * BytesPerChange);

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
            var receipt = _meter.Apply(delta.Gateway, delta.Sequence, delta.Meter, delta.Active, delta.Breaker, now);
            if (receipt.IsNew)
            {
                Hear_NeedsLock(delta, now);
            }

            if (delta.Breaker.Decision.Version > _decision.Version)
            {
                _decision = delta.Breaker.Decision;
            }

            return View_NeedsLock(delta.Gateway, now) with { Receipt = receipt };
        }
    }

    /// <summary>The cluster's view for gateways that did not ask.</summary>
    /// <param name="now">Monotonic time.</param>
    public TargetView View(TimeSpan now)
    {
        lock (_gate)
        {
            return View_NeedsLock(null, now);
        }
    }

    /// <summary>Takes over what a gateway reported before this grain first heard it.</summary>
    /// <param name="delivery">What it reported.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>False when it is not what is wanted; the next receipt says what is.</returns>
    public bool Restore(HistoryDelivery delivery, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        lock (_gate)
        {
            return _meter.Restore(delivery.Gateway, delivery.Before, delivery.History, now);
        }
    }

    /// <summary>All that it knows, when it moves.</summary>
    /// <param name="now">Monotonic time.</param>
    public GrainMemory Remember(TimeSpan now)
    {
        lock (_gate)
        {
            return new(_meter.Export(now), _meter.Gateways.Remember()) { Decision = _decision, Changes = _changes.NewestFirst() };
        }
    }

    /// <summary>Starts with what it knew elsewhere.</summary>
    /// <param name="memory">What it knew.</param>
    /// <param name="now">Monotonic time.</param>
    public void Resume(GrainMemory memory, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(memory);
        lock (_gate)
        {
            _meter.Import(memory.History, now);
            _meter.Gateways.Resume(memory.Gateways, now);
            _decision = memory.Decision.Version > _decision.Version ? memory.Decision : _decision;
            foreach (var change in memory.Changes)
            {
                _changes.Add(change);
            }
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

    private TargetView View_NeedsLock(string? gateway, TimeSpan now) =>
        new(_meter.Gateways.Worst(now)?.State ?? BreakerState.Closed, _decision) { Cluster = _breaker.View(gateway, _meter.Gateways, now) };

    private void Hear_NeedsLock(TargetDelta delta, TimeSpan now)
    {
        foreach (var change in delta.Changes)
        {
            _changes.Add(change);
        }

        var report = _meter.Gateways.Find(delta.Gateway)!;
        report.Ask = delta.Ask;
        _breaker.Hear(report, _meter.Gateways, now);
    }

    private TargetBreakerState Breaker_NeedsLock(TimeSpan now) => new(target, Worst_NeedsLock(now), _decision, _changes.NewestFirst());

    private BreakerReport? Worst_NeedsLock(TimeSpan now) =>
        _meter.Gateways.Worst(now) is { } worst ? worst with { Decision = _decision } : null;
}
