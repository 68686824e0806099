namespace Relay.Core.Routing;

/// <summary>How the targets of a model are ordered for a request.</summary>
public enum RoutingStrategy
{
    /// <summary>In the order of the configuration.</summary>
    Priority,

    /// <summary>Drawn by weight, the rest in further draws.</summary>
    Weighted,
}

/// <summary>What the planner knows of one target.</summary>
/// <param name="Weight">Its share under <see cref="RoutingStrategy.Weighted"/>; at least 0. Zero: only when all others failed.</param>
/// <param name="AvailableAt">The time from which it takes requests: not after now when its breaker lets requests in and no Retry-After holds it back.</param>
/// <param name="PreferredAt">The time from which it is as good as any other: after now while it is slow or close to its provider's limits. Until then it comes after those that are not.</param>
public readonly record struct TargetHealth(double Weight, TimeSpan AvailableAt, TimeSpan PreferredAt = default);
