using Relay.Core.Routing;

namespace Relay.Core.Tests.Routing;

/// <summary>Under priority one target gets everything: the first that takes requests, whatever is drawn, weighs or costs.</summary>
public class PriorityDistributionTests
{
    private const int Draws = 10_000;
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);
    private static readonly TimeSpan Later = Now + TimeSpan.FromSeconds(1);

    [Fact]
    public void First_target_gets_all() => Assert.Equal([Draws, 0, 0], First(new(0, Now, default, 9), new(5, Now), new(90, Now)));

    [Fact]
    public void Next_one_gets_all_while_the_first_takes_none() => Assert.Equal([0, Draws, 0], First(new(1, Later), new(0, Now), new(1, Now)));

    [Fact]
    public void Next_one_gets_all_while_the_first_is_slow() => Assert.Equal([0, Draws, 0], First(new(1, Now, Later), new(0, Now), new(1, Now)));

    private static int[] First(params TargetHealth[] targets)
    {
        var counts = new int[targets.Length];
        var order = new byte[targets.Length];
        for (var i = 0; i < Draws; i++)
        {
            RoutePlanner.Plan(RoutingStrategy.Priority, targets, Now, (double)i / Draws, order);
            counts[order[0]]++;
        }

        return counts;
    }
}
