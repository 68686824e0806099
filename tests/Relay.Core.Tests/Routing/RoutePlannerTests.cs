using FsCheck;
using FsCheck.Fluent;
using Relay.Core.Routing;
using Relay.Core.Tests.Breaker;

namespace Relay.Core.Tests.Routing;

public class RoutePlannerTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);

    private static readonly Gen<TargetHealth> Target =
        from weight in Gen.Frequency((3, Gen.Choose(0, 100).Select(n => n / 10.0)), (1, Gen.Constant(0.0)), (1, Gen.Elements(1e-9, 1e9)))
        from offMs in Gen.Frequency((3, Gen.Choose(-5_000, 0)), (2, Gen.Choose(-2, 5)))
        select new TargetHealth(weight, Now + TimeSpan.FromMilliseconds(offMs));

    private static readonly Gen<(RoutingStrategy Strategy, TargetHealth[] Targets, double Sample)> Plans =
        from strategy in Gen.Elements(Enum.GetValues<RoutingStrategy>())
        from count in Gen.Choose(0, RoutePlanner.MaxTargets)
        from targets in Target.ArrayOf(count)
        from sample in Gen.OneOf(BreakerGen.Sample, Gen.Elements(0, 0.9999999999999999, 0.5))
        select (strategy, targets, sample);

    [Fact]
    public void Every_target_appears_exactly_once() =>
        Always.Holds(
            Plans,
            plan => Assert.Equal(Enumerable.Range(0, plan.Targets.Length), Plan(plan.Strategy, plan.Targets, plan.Sample).Order.Select(i => (int)i).Order()),
            runs: 1_000);

    [Fact]
    public void Those_that_take_requests_come_first_and_are_counted() =>
        Always.Holds(
            Plans,
            plan =>
            {
                var (available, order) = Plan(plan.Strategy, plan.Targets, plan.Sample);
                Assert.Equal(plan.Targets.Count(target => target.AvailableAt <= Now), available);
                Assert.All(order.Take(available), i => Assert.True(plan.Targets[i].AvailableAt <= Now));
                Assert.All(order.Skip(available), i => Assert.True(plan.Targets[i].AvailableAt > Now));
            },
            runs: 1_000);

    [Fact]
    public void The_others_follow_soonest_first_and_among_equals_as_configured() =>
        Always.Holds(
            Plans,
            plan =>
            {
                var (available, order) = Plan(plan.Strategy, plan.Targets, plan.Sample);
                var expected = Enumerable.Range(0, plan.Targets.Length)
                    .Where(i => plan.Targets[i].AvailableAt > Now)
                    .OrderBy(i => plan.Targets[i].AvailableAt)
                    .ThenBy(i => i);
                Assert.Equal(expected, order.Skip(available).Select(i => (int)i));
            },
            runs: 1_000);

    [Fact]
    public void Priority_keeps_the_configured_order_of_the_available() =>
        Always.Holds(
            Plans,
            plan =>
            {
                var (available, order) = Plan(RoutingStrategy.Priority, plan.Targets, plan.Sample);
                Assert.Equal(order.Take(available).Order(), order.Take(available));
            });

    [Fact]
    public void Weight_zero_comes_after_every_weight_in_the_configured_order() =>
        Always.Holds(
            Plans,
            plan =>
            {
                var (available, order) = Plan(RoutingStrategy.Weighted, plan.Targets, plan.Sample);
                var zeros = order.Take(available).SkipWhile(i => plan.Targets[i].Weight > 0).ToList();
                Assert.All(zeros, i => Assert.Equal(0, plan.Targets[i].Weight));
                Assert.Equal(zeros.Order(), zeros);
            },
            runs: 1_000);

    [Fact]
    public void All_weights_zero_is_the_configured_order() =>
        Assert.Equal([0, 1, 2], Plan(RoutingStrategy.Weighted, [new(0, Now), new(0, Now), new(0, Now)], 0.9).Order);

    [Fact]
    public void All_down_the_least_bad_is_first()
    {
        TargetHealth[] targets = [new(1, Now + TimeSpan.FromSeconds(9)), new(1, Now + TimeSpan.FromTicks(1)), new(1, Now + TimeSpan.FromSeconds(3))];
        var (available, order) = Plan(RoutingStrategy.Priority, targets, 0);
        Assert.Equal(0, available);
        Assert.Equal([1, 2, 0], order);
    }

    [Fact]
    public void No_targets_is_an_empty_plan() => Assert.Equal(0, Plan(RoutingStrategy.Weighted, [], 0.5).Available);

    [Fact]
    public void Too_many_targets_or_a_wrong_length_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Plan(RoutingStrategy.Priority, new TargetHealth[65], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RoutePlanner.Plan(RoutingStrategy.Priority, new TargetHealth[2], Now, 0, new byte[3]));
    }

    [Fact]
    public void Planning_allocates_nothing()
    {
        var targets = Enumerable.Range(0, 64).Select(i => new TargetHealth(i, Now + TimeSpan.FromSeconds(i % 3))).ToArray();
        var order = new byte[64];
        RoutePlanner.Plan(RoutingStrategy.Weighted, targets, Now, 0.5, order);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            RoutePlanner.Plan(RoutingStrategy.Weighted, targets, Now, i / 1_000.0, order);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (int Available, byte[] Order) Plan(RoutingStrategy strategy, TargetHealth[] targets, double sample)
    {
        var order = new byte[targets.Length];
        return (RoutePlanner.Plan(strategy, targets, Now, sample, order), order);
    }
}
