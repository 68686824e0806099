namespace Relay.Core.Routing;

/// <summary>What the planner knows of one target.</summary>
/// <param name="Weight">Its share under <see cref="RoutingStrategy.Weighted"/>; at least 0. Zero under any strategy but priority: only when all others failed.</param>
/// <param name="AvailableAt">The time from which it takes requests: not after now when its breaker lets requests in and no Retry-After holds it back.</param>
/// <param name="PreferredAt">The time from which it is as good as any other: after now while it is slow or close to its provider's limits. Until then it comes after those that are not.</param>
/// <param name="Cost">What one more request there has to expect, see <see cref="Latency.DecayedPeak.Cost"/>; used under <see cref="RoutingStrategy.LowestLatency"/>.</param>
/// <param name="Key">Stands for it in the choice by affinity: the same wherever the same choice is to come out.</param>
public readonly record struct TargetHealth(double Weight, TimeSpan AvailableAt, TimeSpan PreferredAt = default, double Cost = 0, ulong Key = 0);
