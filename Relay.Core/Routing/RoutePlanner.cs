namespace Relay.Core.Routing;

/// <summary>
/// Orders the targets of a model for one request: first those that take requests, by the strategy; then the others, the one that is
/// soonest back first, so that with all of them down the least bad is still tried. Pure; every target appears exactly once.
/// <code><![CDATA[
///   takes requests: preferred | slow or near its limits | (drawn by weight) weight 0, preferred | weight 0, slow    the others
///                   each of the four ordered by the strategy                                                        soonest first
/// ]]></code>
/// </summary>
public static class RoutePlanner
{
    /// <summary>The most targets that one model may have.</summary>
    public const int MaxTargets = 64;

    private const int NotPreferred = 1;
    private const int WithoutWeight = 2;

    /// <summary>Writes the order into <paramref name="order"/>.</summary>
    /// <param name="strategy">How the available ones are ordered.</param>
    /// <param name="targets">The targets in configured order, at most <see cref="MaxTargets"/>.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="sample">A uniform random number in [0, 1).</param>
    /// <param name="order">Receives indices into <paramref name="targets"/>; same length.</param>
    /// <returns>How many of them, from the front, take requests now.</returns>
    public static int Plan(RoutingStrategy strategy, ReadOnlySpan<TargetHealth> targets, TimeSpan now, double sample, Span<byte> order) =>
        Plan([new(strategy, targets.Length)], targets, now, sample, affinity: null, order);

    /// <summary>Writes the order into <paramref name="order"/>; the available targets of a group go before those of the next.</summary>
    /// <param name="groups">The groups; their counts add up to the targets.</param>
    /// <param name="targets">The targets in configured order, at most <see cref="MaxTargets"/>.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="sample">A uniform random number in [0, 1).</param>
    /// <param name="affinity">
    /// Stands for the conversation that is to stay at its target as long as that is available and preferred: what is not ordered by
    /// priority is then ordered by <see cref="RendezvousStrategy"/>. A priority group keeps every conversation at its first target anyway. Null: none is to stay.
    /// </param>
    /// <param name="order">Receives indices into <paramref name="targets"/>; same length.</param>
    /// <returns>How many of them, from the front, take requests now.</returns>
    public static int Plan(ReadOnlySpan<RouteGroup> groups, ReadOnlySpan<TargetHealth> targets, TimeSpan now, double sample, ulong? affinity, Span<byte> order)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(targets.Length, MaxTargets);
        ArgumentOutOfRangeException.ThrowIfNotEqual(order.Length, targets.Length);
        var available = 0;
        var unavailable = targets.Length;
        for (var i = 0; i < targets.Length; i++)
        {
            if (targets[i].AvailableAt <= now)
            {
                order[available++] = (byte)i;
            }
        }

        for (var i = targets.Length - 1; i >= 0; i--)
        {
            if (targets[i].AvailableAt > now)
            {
                order[--unavailable] = (byte)i;
            }
        }

        var (from, end) = (0, 0);
        foreach (var group in groups)
        {
            end += group.Count;
            var to = from;
            while (to < available && order[to] < end)
            {
                to++;
            }

            OrderAvailable(group.Strategy, targets, now, sample, affinity, order[from..to]);
            from = to;
        }

        SortBySoonest(targets, order[available..]);
        return available;
    }

    private static void OrderAvailable(RoutingStrategy strategy, ReadOnlySpan<TargetHealth> targets, TimeSpan now, double sample, ulong? affinity, Span<byte> order)
    {
        Span<byte> groups = stackalloc byte[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            // Stable insertion: few elements, no allocation, and usually in order already.
            var (index, group) = (order[i], Group(strategy, targets[order[i]], now));
            var at = i;
            for (; at > 0 && groups[at - 1] > group; at--)
            {
                (order[at], groups[at]) = (order[at - 1], groups[at - 1]);
            }

            (order[at], groups[at]) = (index, group);
        }

        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && groups[to] == groups[from]; to++)
            {
            }

            OrderGroup(strategy, targets, sample, affinity, order[from..to]);
        }
    }

    private static byte Group(RoutingStrategy strategy, in TargetHealth target, TimeSpan now)
    {
        var group = target.PreferredAt > now ? NotPreferred : 0;
        return (byte)(strategy != RoutingStrategy.Priority && target.Weight <= 0 ? group + WithoutWeight : group);
    }

    private static void OrderGroup(RoutingStrategy strategy, ReadOnlySpan<TargetHealth> targets, double sample, ulong? affinity, Span<byte> order)
    {
        switch (strategy)
        {
            case not RoutingStrategy.Priority when affinity is { } conversation:
                RendezvousStrategy.Order(targets, order, conversation);
                break;
            case RoutingStrategy.Weighted:
                WeightedStrategy.Order(targets, order, sample);
                break;
            case RoutingStrategy.LowestLatency:
                LowestLatencyStrategy.Order(targets, order, sample);
                break;
            default:
                PriorityStrategy.Order(order);
                break;
        }
    }

    /// <summary>Stable insertion sort: few elements, no allocation.</summary>
    private static void SortBySoonest(ReadOnlySpan<TargetHealth> targets, Span<byte> order)
    {
        for (var i = 1; i < order.Length; i++)
        {
            for (var k = i; k > 0 && targets[order[k]].AvailableAt < targets[order[k - 1]].AvailableAt; k--)
            {
                (order[k], order[k - 1]) = (order[k - 1], order[k]);
            }
        }
    }
}
