namespace Relay.Core.Routing;

/// <summary>How the targets of a model are ordered for a request. One file each holds how.</summary>
public enum RoutingStrategy
{
    /// <summary>In the order of the configuration.</summary>
    Priority,

    /// <summary>Drawn by weight, the rest in further draws.</summary>
    Weighted,

    /// <summary>Of two drawn, the one whose first tokens come sooner; the rest by the same measure.</summary>
    LowestLatency,
}

/// <summary>The strategies by the names that the configuration knows them by.</summary>
public static class RoutingStrategies
{
    /// <summary>All names, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> Names { get; } = ["priority", "weighted", "lowest-latency"];

    /// <summary>A strategy's name.</summary>
    public static string Label(this RoutingStrategy strategy) => Names[(int)strategy];
}

/// <summary>Targets that stand together in a plan and are ordered among themselves: those of one model.</summary>
/// <param name="Strategy">How.</param>
/// <param name="Count">How many; may be 0.</param>
public readonly record struct RouteGroup(RoutingStrategy Strategy, int Count);
