using Relay.Core.Latency;
using Relay.Core.Routing;

namespace Relay.Core.Tests.Routing;

/// <summary>Where requests go under lowest-latency: drawn by lot, then by what they have to expect there.</summary>
public class LowestLatencyTests
{
    private const int Draws = 60_000;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan End = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(new double[] { 5, 5 }, new[] { 0.5, 0.5 })]
    [InlineData(new double[] { 5, 4 }, new double[] { 0, 1 })]
    [InlineData(new double[] { 1, 2, 3 }, new[] { 2 / 3.0, 1 / 3.0, 0 })]
    [InlineData(new double[] { 4, 3, 2, 1 }, new[] { 0, 1 / 6.0, 2 / 6.0, 3 / 6.0 })]
    public void First_choice_is_the_better_of_two_drawn_evenly(double[] costs, double[] shares)
    {
        var targets = costs.Select(cost => new TargetHealth(1, TimeSpan.Zero, TimeSpan.Zero, cost)).ToArray();
        var first = new int[costs.Length];
        var order = new byte[costs.Length];
        for (var i = 0; i < Draws; i++)
        {
            RoutePlanner.Plan(RoutingStrategy.LowestLatency, targets, TimeSpan.Zero, (i + 0.5) / Draws, order);
            first[order[0]]++;
            var rest = order.Skip(1).Select(t => costs[t]).ToArray();
            Assert.Equal(rest.Order(), rest);
        }

        Assert.All(shares.Zip(first), one => Assert.InRange(one.Second, (one.First - 0.001) * Draws, (one.First + 0.001) * Draws));
    }

    [Fact]
    public void Unavailable_and_weightless_targets_keep_their_places()
    {
        var (now, later) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        TargetHealth[] targets = [new(1, later, default, 1), new(0, now, default, 1), new(1, now, default, 9), new(1, now, later, 1)];
        var order = new byte[4];
        Assert.Equal(3, RoutePlanner.Plan(RoutingStrategy.LowestLatency, targets, now, 0.3, order));
        Assert.Equal([2, 3, 1, 0], order);
    }

    [Fact]
    public void Peak_rises_at_once_and_falls_slowly()
    {
        var peak = default(DecayedPeak).Observe(Ms(300), Ms(0)).Observe(Ms(2_000), Ms(100));
        Assert.Equal(Ms(2_000), peak.Value);
        peak = peak.Observe(Ms(300), Ms(200));
        Assert.InRange(peak.Value, Ms(1_950), Ms(2_000));
        Assert.InRange(peak.Observe(Ms(300), Ms(30_000)).Value, Ms(300), Ms(400));
    }

    [Fact]
    public void Cost_is_the_peak_times_all_that_would_wait_and_fades()
    {
        var peak = default(DecayedPeak).Observe(Ms(100), Ms(0));
        Assert.Equal(Ms(100).Ticks, peak.Cost(0, Ms(0)), 1.0);
        Assert.Equal(Ms(400).Ticks, peak.Cost(3, Ms(0)), 1.0);
        Assert.Equal(Ms(100).Ticks / Math.E, peak.Cost(0, DecayedPeak.Decay), 1.0);
        Assert.Equal(0, default(DecayedPeak).Cost(0, Ms(0)));
        Assert.True(default(DecayedPeak).Cost(1, Ms(0)) > peak.Cost(1_000_000, Ms(0)));
        Assert.True(default(DecayedPeak).Cost(2, Ms(0)) > default(DecayedPeak).Cost(1, Ms(0)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    public void Equal_targets_share_the_load_evenly_at_all_times(int gateways)
    {
        var world = Equal(gateways, herds: false);
        for (var target = 0; target < 4; target++)
        {
            Assert.InRange(world.Share(target, Settled, End), 0.22, 0.28);
        }

        Assert.InRange(world.LargestShare(Settled), 0.25, 0.42);
        Assert.InRange(world.MeanMs(Settled), 300, 400);
    }

    [Fact]
    public void Planted_herd_is_seen()
    {
        var world = Equal(5, herds: true);
        Assert.True(world.LargestShare(Settled) > 0.6);
        Assert.True(world.MeanMs(Settled) > 600);
    }

    [Fact]
    public void Faster_targets_get_more_and_none_is_forgotten()
    {
        var world = new LoadWorld(3, 3, Target(200), Target(400), Target(1_600)) { PerSecond = 60 }.RunUntil(End);
        var shares = Enumerable.Range(0, 3).Select(i => world.Share(i, Settled, End)).ToArray();
        Assert.True(shares[0] > 0.6 && shares[0] > shares[1] && shares[1] > shares[2], string.Join(' ', shares));
        Assert.InRange(shares[2], 0.0005, 0.05);
        Assert.InRange(world.MeanMs(Settled), 200, 320);
    }

    [Fact]
    public void A_target_that_becomes_slow_loses_its_requests_and_gets_them_back()
    {
        var (from, to) = (TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120));
        var slow = Target(200) with { Factor = at => at >= from && at < to ? 8 : 1 };
        var world = new LoadWorld(4, 4, slow, Target(300)) { PerSecond = 80 }.RunUntil(TimeSpan.FromSeconds(200));
        Assert.True(world.Share(0, Settled, from) > 0.5);
        Assert.True(world.Share(0, from + TimeSpan.FromSeconds(3), to) < 0.06, $"{world.Share(0, from + TimeSpan.FromSeconds(3), to)}");
        Assert.True(world.Share(0, to + TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(200)) > 0.5);
    }

    [Fact]
    public void An_unmeasured_target_is_tried_by_one_request_of_each_gateway()
    {
        var world = new LoadWorld(5, 3, Target(200), Target(15_000)) { PerSecond = 100 }.Knows(target: 0, Ms(200)).RunUntil(TimeSpan.FromSeconds(8));
        Assert.Equal(3, world.Sent.Count(s => s.Target == 1));
    }

    private static LoadWorld Equal(int gateways, bool herds) =>
        new LoadWorld(gateways, gateways, [.. Enumerable.Range(0, 4).Select(_ => Target(300) with { Capacity = 40 })]) { PerSecond = 200, Herds = herds }.RunUntil(End);

    private static LoadedTarget Target(double ms) => new(Ms(ms), Capacity: 200);

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);
}
