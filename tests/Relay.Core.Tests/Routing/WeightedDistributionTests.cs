using Relay.Core.Routing;

namespace Relay.Core.Tests.Routing;

/// <summary>Over many draws, the first choice and the second are distributed as by drawing lots without putting back.</summary>
public class WeightedDistributionTests
{
    private const int Draws = 100_000;

    public static TheoryData<string> Weights => ["1 1", "1 2 7", "0.5 0 0.25 0.25", "100 1", "3 1 4 1 5 9 2 6", "0 0 5 5"];

    [Theory]
    [MemberData(nameof(Weights))]
    public void First_choice_is_in_proportion_to_the_weights(string weights)
    {
        var (parsed, first, _) = Draw(weights, seed: 20250301);
        AssertClose([.. parsed.Select(weight => weight / parsed.Sum())], first);
    }

    [Theory]
    [MemberData(nameof(Weights))]
    public void Second_choice_is_in_proportion_to_the_weights_that_are_left(string weights)
    {
        var (parsed, _, pairs) = Draw(weights, seed: 20250302);
        var total = parsed.Sum();
        var expected = new double[parsed.Length * parsed.Length];
        for (var a = 0; a < parsed.Length; a++)
        {
            for (var b = 0; b < parsed.Length; b++)
            {
                expected[(a * parsed.Length) + b] = a == b || parsed[a] == 0 ? 0 : parsed[a] / total * (parsed[b] / (total - parsed[a]));
            }
        }

        AssertClose(expected, pairs);
    }

    [Fact]
    public void Unavailable_targets_leave_their_share_to_the_others()
    {
        var now = TimeSpan.FromHours(1);
        TargetHealth[] targets = [new(5, now), new(90, now + TimeSpan.FromSeconds(1)), new(15, now)];
        var random = new Random(20250303);
        var first = new long[3];
        var order = new byte[3];
        for (var i = 0; i < Draws; i++)
        {
            Assert.Equal(2, RoutePlanner.Plan(RoutingStrategy.Weighted, targets, now, random.NextDouble(), order));
            first[order[0]]++;
        }

        AssertClose([0.25, 0, 0.75], first);
    }

    [Fact]
    public void Planted_bias_is_caught()
    {
        var (_, first, _) = Draw("1 2 7", seed: 20250304);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertClose([0.1, 0.21, 0.69], first));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertClose([0.3, 0, 0.7], first));
    }

    private static (double[] Weights, long[] First, long[] Pairs) Draw(string weights, int seed)
    {
        var parsed = weights.Split(' ').Select(double.Parse).ToArray();
        var targets = parsed.Select(weight => new TargetHealth(weight, TimeSpan.Zero)).ToArray();
        var (first, pairs) = (new long[parsed.Length], new long[parsed.Length * parsed.Length]);
        var order = new byte[parsed.Length];
        var random = new Random(seed);
        for (var i = 0; i < Draws; i++)
        {
            RoutePlanner.Plan(RoutingStrategy.Weighted, targets, TimeSpan.Zero, random.NextDouble(), order);
            first[order[0]]++;
            pairs[(order[0] * parsed.Length) + order[1]]++;
        }

        return (parsed, first, pairs);
    }

    /// <summary>Pearson's chi-square, four standard deviations above its mean at most; what is impossible must not happen at all.</summary>
    private static void AssertClose(double[] shares, long[] counts)
    {
        var possible = shares.Zip(counts, (share, count) => (Expected: share * Draws, Count: count)).ToList();
        Assert.All(possible.Where(one => one.Expected == 0), one => Assert.Equal(0, one.Count));
        var chiSquare = possible.Where(one => one.Expected > 0).Sum(one => (one.Count - one.Expected) * (one.Count - one.Expected) / one.Expected);
        var freedom = Math.Max(1, possible.Count(one => one.Expected > 0) - 1);
        Assert.InRange(chiSquare, 0, freedom + (4 * Math.Sqrt(2.0 * freedom)) + 4);
    }
}
