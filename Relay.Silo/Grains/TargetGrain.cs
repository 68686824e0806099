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
    private readonly ClusterBreaker _breaker = new();

    /// <summary>The most memory that one grain holds, in bytes: 8.1 MB; <see cref="Meter"/> says how much it holds otherwise.</summary>
    public static long MaxBytes => 128 + Meter.MaxBytes;

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
            var isNews = _meter.Gateways.Find(delta.Gateway)?.WasCounted(delta.Sequence) != true;
            var receipt = _meter.Apply(delta.Gateway, delta.Sequence, delta.Meter, delta.Active, delta.Breaker, now);
            if (isNews)
            {
                var report = _meter.Gateways.Find(delta.Gateway)!;
                report.Ask = delta.Ask;
                _breaker.Hear(report, _meter.Gateways, now);
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
            return new(_meter.Export(now), _meter.Gateways.Remember());
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

    private TargetView View_NeedsLock(string? gateway, TimeSpan now) =>
        new(_meter.Gateways.Worst(now)?.State ?? BreakerState.Closed) { Cluster = _breaker.View(gateway, _meter.Gateways, now) };
}
