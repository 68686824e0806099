using Relay.Core.Routing;

namespace Relay.Core.Tests.Routing;

/// <summary>Conversations keep their target, and together keep the weights.</summary>
public class RendezvousTests
{
    private const int Conversations = 100_000;

    [Theory]
    [InlineData("1 1")]
    [InlineData("1 2 7")]
    [InlineData("0.5 0 0.25 0.25")]
    [InlineData("3 1 4 1 5 9 2 6")]
    public void Conversations_are_spread_in_proportion_to_the_weights(string weights)
    {
        var targets = Targets(weights);
        var total = targets.Sum(t => t.Weight);
        var counts = new int[targets.Length];
        for (var i = 0; i < Conversations; i++)
        {
            counts[First(targets, (ulong)i, TimeSpan.Zero)]++;
        }

        for (var i = 0; i < targets.Length; i++)
        {
            // Five standard deviations of a binomial: a fair choice fails once in a million runs, and these numbers are fixed.
            var share = targets[i].Weight / total;
            var slack = 5 * Math.Sqrt(Conversations * share * (1 - share));
            Assert.InRange(counts[i], (Conversations * share) - slack, (Conversations * share) + slack);
        }
    }

    [Fact]
    public void Target_that_is_away_moves_its_own_conversations_only_and_gets_them_back()
    {
        var all = Targets("1 2 3 4");
        var away = all.ToArray();
        away[2] = away[2] with { AvailableAt = TimeSpan.FromSeconds(9) };
        var moved = new int[all.Length];
        var own = 0;
        for (var i = 0; i < Conversations; i++)
        {
            var (before, during, after) = (First(all, (ulong)i, TimeSpan.Zero), First(away, (ulong)i, TimeSpan.Zero), First(away, (ulong)i, TimeSpan.FromSeconds(10)));
            Assert.Equal(before, after);
            if (before == 2)
            {
                own++;
                moved[during]++;
            }
            else
            {
                Assert.Equal(before, during);
            }
        }

        // They are shared out by the weights that are left: 1, 2 and 4.
        Assert.Equal(0, moved[2]);
        Assert.InRange(moved[0], own * 0.13, own * 0.155);
        Assert.InRange(moved[1], own * 0.27, own * 0.30);
    }

    [Fact]
    public void Target_without_weight_comes_last()
    {
        var targets = Targets("0 1 0 1");
        var order = new byte[4];
        for (var i = 0; i < 1000; i++)
        {
            RoutePlanner.Plan([new(RoutingStrategy.Weighted, 4)], targets, TimeSpan.Zero, 0, (ulong)i, order);
            Assert.Equal([0, 2], order[2..]);
        }
    }

    [Fact]
    public void Priority_keeps_its_order()
    {
        var order = new byte[3];
        for (var i = 0; i < 100; i++)
        {
            RoutePlanner.Plan([new(RoutingStrategy.Priority, 3)], Targets("1 1 1"), TimeSpan.Zero, 0, (ulong)i, order);
            Assert.Equal([0, 1, 2], order);
        }
    }

    [Fact]
    public void Groups_follow_each_other_and_what_is_away_comes_last()
    {
        var targets = Targets("0 1 1 1 1");
        targets[0] = targets[0] with { AvailableAt = TimeSpan.FromSeconds(2) };
        targets[3] = targets[3] with { AvailableAt = TimeSpan.FromSeconds(1) };
        var order = new byte[5];

        var available = RoutePlanner.Plan([new(RoutingStrategy.Priority, 2), new(RoutingStrategy.Weighted, 0), new(RoutingStrategy.Weighted, 3)], targets, TimeSpan.Zero, 0.9, affinity: null, order);

        Assert.Equal(3, available);
        Assert.Equal([1, 4, 2, 3, 0], order);
    }

    private static TargetHealth[] Targets(string weights) =>
        [.. weights.Split(' ').Select((w, i) => new TargetHealth(double.Parse(w, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero, Key: (ulong)(i * 7919)))];

    private static int First(TargetHealth[] targets, ulong conversation, TimeSpan now)
    {
        Span<byte> order = stackalloc byte[targets.Length];
        RoutePlanner.Plan([new(RoutingStrategy.Weighted, targets.Length)], targets, now, 0.5, conversation, order);
        return order[0];
    }
}
