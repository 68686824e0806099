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
/// <param name="Key">Stands for it in the choice by affinity; well mixed, and the same wherever the same choice is to come out.</param>
public readonly record struct TargetHealth(double Weight, TimeSpan AvailableAt, ulong Key = 0);

/// <summary>Targets that stand together in a plan and are ordered among themselves: those of one model.</summary>
/// <param name="Strategy">How.</param>
/// <param name="Count">How many; may be 0.</param>
public readonly record struct RouteGroup(RoutingStrategy Strategy, int Count);
