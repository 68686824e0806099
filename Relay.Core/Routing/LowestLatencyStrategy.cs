namespace Relay.Core.Routing;

/// <summary>
/// Power of two choices (Mitzenmacher, 1996) on what a request has to expect: two targets are drawn evenly, and the one with the lower
/// cost is first. Several gateways that all know the same best target therefore do not all rush to it, and a cost that is a little old
/// does little harm. The others follow from the cheapest on, for failing over.
/// </summary>
internal static class LowestLatencyStrategy
{
    public static void Order(ReadOnlySpan<TargetHealth> targets, Span<byte> order, double sample)
    {
        if (order.Length < 2)
        {
            return;
        }

        // One uniform number gives both draws: what is left of it after the first is uniform again.
        var scaled = sample * order.Length;
        var first = Math.Min((int)scaled, order.Length - 1);
        var second = Math.Min((int)((scaled - first) * (order.Length - 1)), order.Length - 2);
        second += second >= first ? 1 : 0;
        var best = targets[order[second]].Cost < targets[order[first]].Cost ? second : first;
        (order[0], order[best]) = (order[best], order[0]);
        SortByCost(targets, order[1..]);
    }

    /// <summary>Insertion sort; equals stay as configured.</summary>
    private static void SortByCost(ReadOnlySpan<TargetHealth> targets, Span<byte> order)
    {
        for (var i = 1; i < order.Length; i++)
        {
            for (var k = i; k > 0 && IsBefore(targets, order[k], order[k - 1]); k--)
            {
                (order[k], order[k - 1]) = (order[k - 1], order[k]);
            }
        }
    }

    private static bool IsBefore(ReadOnlySpan<TargetHealth> targets, byte a, byte b) =>
        targets[a].Cost < targets[b].Cost || (targets[a].Cost.Equals(targets[b].Cost) && a < b);
}
