using Relay.Core.Breaker;

namespace Relay.Silo.Grains;

/// <summary>
/// What an operator decided for a target's breaker: the last one wins. The grain makes it and tells the gateways with each answer; they
/// tell the one that they follow with each delta, so that a grain that was lost learns it again from any of them.
/// </summary>
/// <param name="Force">What it is held at; None: it was reset, or nothing was ever decided.</param>
/// <param name="Version">Grows with each decision, from the clock, also across a loss of the grain; 0: nothing was ever decided.</param>
public readonly record struct BreakerDecision(BreakerForce Force, long Version);

/// <summary>A change of a gateway's breaker, in wall-clock time.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="From">The state that it left.</param>
/// <param name="To">The state that it entered.</param>
/// <param name="Reason">Why.</param>
public readonly record struct BreakerChange(DateTimeOffset At, BreakerState From, BreakerState To, BreakerReason Reason);

/// <summary>A target's breaker and its past.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Breaker">The worst breaker report of all gateways, with the latest decision; null when none has reported for <see cref="GatewayReports.SilentAfter"/>, or ever.</param>
/// <param name="Decision">What an operator decided, whether or not a gateway has heard of it.</param>
/// <param name="Changes">The latest changes of all gateways' breakers, newest first; at most <see cref="TargetGrain.MaxChanges"/>.</param>
public sealed record TargetBreakerState(string Target, BreakerReport? Breaker, BreakerDecision Decision, IReadOnlyList<BreakerChange> Changes);
