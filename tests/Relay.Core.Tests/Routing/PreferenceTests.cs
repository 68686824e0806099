using FsCheck;
using FsCheck.Fluent;
using Relay.Core.Routing;
using Relay.Core.Tests.Breaker;

namespace Relay.Core.Tests.Routing;

/// <summary>Targets that are slow, or close to their provider's limits, come after those that are not, and nothing more.</summary>
public class PreferenceTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);
    private static readonly TimeSpan Later = Now + TimeSpan.FromSeconds(1);

    private static readonly Gen<(RoutingStrategy Strategy, TargetHealth[] Targets, double Sample)> Plans =
        from strategy in Gen.Elements(Enum.GetValues<RoutingStrategy>())
        from count in Gen.Choose(0, 8)
        from targets in Target().ArrayOf(count)
        from sample in BreakerGen.Sample
        select (strategy, targets, sample);

    [Fact]
    public void The_preferred_come_first_among_those_that_take_requests() =>
        Always.Holds(
            Plans,
            plan =>
            {
                var (available, order) = Plan(plan.Strategy, plan.Targets, plan.Sample);
                var keys = order.Take(available).Select(i => Key(plan.Strategy, plan.Targets[i])).ToList();
                Assert.Equal(keys.Order(), keys);
                Assert.Equal(plan.Targets.Count(t => t.AvailableAt <= Now), available);
            },
            runs: 1_000);

    [Fact]
    public void With_none_preferred_the_order_is_as_with_all() =>
        Always.Holds(
            Plans,
            plan =>
            {
                var none = plan.Targets.Select(t => t with { PreferredAt = Later }).ToArray();
                var all = plan.Targets.Select(t => t with { PreferredAt = Now }).ToArray();
                Assert.Equal(Plan(plan.Strategy, all, plan.Sample).Order, Plan(plan.Strategy, none, plan.Sample).Order);
            },
            runs: 1_000);

    [Fact]
    public void A_slow_target_with_weight_still_comes_before_one_without() =>
        Assert.Equal([1, 0], Plan(RoutingStrategy.Weighted, [new(0, Now), new(1, Now, Later)], 0.5).Order);

    [Fact]
    public void What_takes_no_request_comes_after_what_is_slow() =>
        Assert.Equal([1, 0], Plan(RoutingStrategy.Priority, [new(1, Later), new(1, Now, TimeSpan.MaxValue)], 0.5).Order);

    private static Gen<TargetHealth> Target() =>
        from weight in Gen.Elements(0.0, 1, 5)
        from available in Gen.Elements(Now, Later)
        from preferred in Gen.Elements(TimeSpan.Zero, Now, Later)
        select new TargetHealth(weight, available, preferred);

    private static (bool WithoutWeight, bool IsSlow) Key(RoutingStrategy strategy, TargetHealth target) =>
        (strategy != RoutingStrategy.Priority && target.Weight == 0, target.PreferredAt > Now);

    private static (int Available, byte[] Order) Plan(RoutingStrategy strategy, TargetHealth[] targets, double sample)
    {
        var order = new byte[targets.Length];
        return (RoutePlanner.Plan(strategy, targets, Now, sample, order), order);
    }
}
