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
public readonly record struct TargetHealth(double Weight, TimeSpan AvailableAt);
