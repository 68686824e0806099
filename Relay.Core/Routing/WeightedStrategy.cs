namespace Relay.Core.Routing;

/// <summary>Draws without replacement, each draw in proportion to the weights that are left.</summary>
internal static class WeightedStrategy
{
    public static void Order(ReadOnlySpan<TargetHealth> targets, Span<byte> order, double sample)
    {
        for (var first = 0; first < order.Length - 1; first++)
        {
            var total = 0.0;
            foreach (var index in order[first..])
            {
                total += targets[index].Weight;
            }

            if (total <= 0)
            {
                return;
            }

            var point = sample * total;
            var pick = LastWithWeight(targets, order, first);
            for (var i = first; i < order.Length; i++)
            {
                var weight = targets[order[i]].Weight;
                if (point < weight)
                {
                    pick = i;
                    sample = point / weight;
                    break;
                }

                point -= weight;
            }

            MoveToFront(order[first..(pick + 1)]);
        }
    }

    /// <summary>Rounding can leave the point just past the end: then the last target that has a weight is meant.</summary>
    private static int LastWithWeight(ReadOnlySpan<TargetHealth> targets, ReadOnlySpan<byte> order, int first)
    {
        for (var i = order.Length - 1; i > first; i--)
        {
            if (targets[order[i]].Weight > 0)
            {
                return i;
            }
        }

        return first;
    }

    private static void MoveToFront(Span<byte> span)
    {
        var moved = span[^1];
        span[..^1].CopyTo(span[1..]);
        span[0] = moved;
    }
}
