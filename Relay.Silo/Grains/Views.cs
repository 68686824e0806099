using Relay.Core.Breaker;
using Relay.Core.Latency;

namespace Relay.Silo.Grains;

/// <summary>What a gateway gets back for its delta: the cluster's view of a target.</summary>
/// <param name="Worst">The worst breaker state that any gateway reports; closed when none does. One that is silent for <see cref="GatewayReports.SilentAfter"/> does not count.</param>
/// <param name="Decision">What an operator decided for its breaker.</param>
public readonly record struct TargetView(BreakerState Worst, BreakerDecision Decision = default)
{
    /// <summary>How the cluster stands with the target, for a gateway that follows it.</summary>
    public ClusterView Cluster { get; init; }

    /// <summary>What the grain knows of the gateway.</summary>
    public Receipt Receipt { get; init; }
}

/// <summary>The figures of one target or model over one window.</summary>
/// <param name="Counts">The counter vector, see <see cref="Counters"/>.</param>
/// <param name="Latency">Total latency, microseconds.</param>
/// <param name="FirstToken">Time to first token, microseconds.</param>
/// <param name="InterToken">Time between tokens, microseconds.</param>
/// <param name="TokensPerSecond">Output tokens per second of each stream, in thousandths, see <see cref="TokenRate"/>.</param>
/// <param name="Active">Under way now, over all gateways but those silent for <see cref="GatewayReports.SilentAfter"/>.</param>
public sealed record MeterStats(
    long[] Counts, HistogramSnapshot Latency, HistogramSnapshot FirstToken, HistogramSnapshot InterToken, HistogramSnapshot TokensPerSecond, int Active)
{
    /// <summary>All zero.</summary>
    public static MeterStats Nothing => new(
        new long[Counters.Width], HistogramSnapshot.Empty, HistogramSnapshot.Empty, HistogramSnapshot.Empty, HistogramSnapshot.Empty, Active: 0);
}

/// <summary>The figures of one target over one window, with its breaker.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Meter">Its attempts.</param>
/// <param name="Breaker">The worst breaker report of all gateways; null when none has reported for <see cref="GatewayReports.SilentAfter"/>, or ever.</param>
public sealed record TargetStats(string Target, MeterStats Meter, BreakerReport? Breaker);

/// <summary>The figures of one model over one window.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Meter">Its requests as clients saw them.</param>
public sealed record ModelStats(string Model, MeterStats Meter);

/// <summary>One of the things that a meter keeps, so that a series carries no more than was asked for.</summary>
public enum MeterPart
{
    /// <summary>The counter vector.</summary>
    Counts = 0,

    /// <summary>Total latency, microseconds.</summary>
    Latency = 1,

    /// <summary>Time to first token, microseconds.</summary>
    FirstToken = 2,

    /// <summary>Time between tokens, microseconds.</summary>
    InterToken = 3,

    /// <summary>Output tokens per second, thousandths.</summary>
    TokensPerSecond = 4,
}

/// <summary>Asks a meter for one of its parts along a window.</summary>
/// <param name="Part">The part.</param>
/// <param name="Window">The window.</param>
/// <param name="Step">Wanted length of a point, above zero; rounded up to whole slices (<see cref="WindowLevel.RoundUp"/>).</param>
public readonly record struct SeriesQuery(MeterPart Part, Window Window, TimeSpan Step);

/// <summary>What one step of a series holds.</summary>
/// <param name="Counts">The counter vector, see <see cref="Counters"/>; no place at all when another part was asked for.</param>
/// <param name="Distribution">The distribution that was asked for; empty when the counters were.</param>
public sealed record MeterSlice(long[] Counts, HistogramSnapshot Distribution);

/// <summary>One part of a meter along a window.</summary>
/// <param name="Step">The length of a point that was used. The first and the last point may be shorter.</param>
/// <param name="Now">When it was read, on the clock of the points: time since 1970 UTC as the engine started, monotonic from there.</param>
/// <param name="Points">Oldest first, without gaps, those without traffic included; at most one more than the window has slices (49).</param>
public sealed record MeterSeries(TimeSpan Step, TimeSpan Now, IReadOnlyList<SeriesPoint<MeterSlice>> Points);
