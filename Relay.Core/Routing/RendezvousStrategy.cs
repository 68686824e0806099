namespace Relay.Core.Routing;

/// <summary>
/// Weighted rendezvous hashing (Wang, Ravishankar: highest random weight; the weighted form by Schindelhauer and Schomaker): each pair of
/// conversation and target has a fixed score, and the best score wins. Over many conversations a target gets its share of the weights; one
/// that goes away moves its own conversations and no others.
/// </summary>
public static class RendezvousStrategy
{
    /// <summary>Orders targets for one conversation. Those without weight come last, in their order.</summary>
    /// <param name="targets">All targets, at most <see cref="RoutePlanner.MaxTargets"/>.</param>
    /// <param name="order">Indices of those to be ordered.</param>
    /// <param name="conversation">Stands for the conversation.</param>
    public static void Order(ReadOnlySpan<TargetHealth> targets, Span<byte> order, ulong conversation)
    {
        // The time until a target's first event, were events to come at the rate of its weight: the soonest wins in proportion to its rate.
        Span<double> times = stackalloc double[RoutePlanner.MaxTargets];
        for (var i = 0; i < order.Length; i++)
        {
            var (index, target) = (order[i], targets[order[i]]);
            var time = target.Weight > 0 ? -Math.Log(Uniform(Mix(conversation ^ Mix(target.Key)))) / target.Weight : double.PositiveInfinity;
            var k = i;
            for (; k > 0 && time < times[k - 1]; k--)
            {
                (times[k], order[k]) = (times[k - 1], order[k - 1]);
            }

            (times[k], order[k]) = (time, index);
        }
    }

    /// <summary>In (0, 1): never 0, whose logarithm is none.</summary>
    private static double Uniform(ulong bits) => ((bits >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves half of the output's.</summary>
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
