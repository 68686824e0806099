using Relay.Core.Breaker;
using Relay.Core.Latency;

namespace Relay.Silo.Grains;

/// <summary>What a gateway gets back for its delta: the cluster's view of a target.</summary>
/// <param name="Worst">The worst breaker state that any gateway reports; closed when none does. One that is silent for <see cref="GatewayReports.SilentAfter"/> does not count.</param>
public readonly record struct TargetView(BreakerState Worst);

/// <summary>The figures of one target or model over one window.</summary>
/// <param name="Counts">The counter vector, see <see cref="Counters"/>.</param>
/// <param name="Latency">Total latency, microseconds.</param>
/// <param name="FirstToken">Time to first token, microseconds.</param>
/// <param name="InterToken">Time between tokens, microseconds.</param>
/// <param name="Active">Under way now, over all gateways but those silent for <see cref="GatewayReports.SilentAfter"/>.</param>
public sealed record MeterStats(long[] Counts, HistogramSnapshot Latency, HistogramSnapshot FirstToken, HistogramSnapshot InterToken, int Active);

/// <summary>The figures of one target over one window, with its breaker.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Meter">Its attempts.</param>
/// <param name="Breaker">The worst breaker report of all gateways; null when none has reported for <see cref="GatewayReports.SilentAfter"/>, or ever.</param>
public sealed record TargetStats(string Target, MeterStats Meter, BreakerReport? Breaker);

/// <summary>The figures of one model over one window.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Meter">Its requests as clients saw them.</param>
public sealed record ModelStats(string Model, MeterStats Meter);
