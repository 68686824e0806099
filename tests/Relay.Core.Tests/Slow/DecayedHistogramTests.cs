using FsCheck;
using FsCheck.Fluent;
using Relay.Core.Slow;
using Relay.Core.Tests.Breaker;

namespace Relay.Core.Tests.Slow;

public class DecayedHistogramTests
{
    private static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(10);

    private static readonly Gen<(int[] Micros, int StepMs, double Share)> Cases =
        from micros in Gen.Choose(64, 2_000_000_000).NonEmptyListOf()
        from stepMs in Gen.Elements(0, 1, 1_000, 3_600_000)
        from share in Gen.Elements(0.1, 0.5, 0.9, 0.95, 1)
        select (micros.ToArray(), stepMs, share);

    [Fact]
    public void A_quantile_is_within_7_percent_of_the_weighted_one() =>
        Always.Holds(
            Cases,
            one =>
            {
                var histogram = new DecayedHistogram(HalfLife);
                for (var i = 0; i < one.Micros.Length; i++)
                {
                    histogram.Add(TimeSpan.FromMicroseconds(one.Micros[i]), At(one, i));
                }

                var expected = Exact(one);
                var actual = histogram.Quantile(one.Share).TotalMicroseconds;
                Assert.Contains(expected, e => Math.Abs(actual - e) <= (e * 0.07) + 1);
            },
            runs: 500);

    [Fact]
    public void What_is_twenty_half_lives_old_no_longer_tells()
    {
        var histogram = new DecayedHistogram(HalfLife);
        for (var i = 0; i < 10_000; i++)
        {
            histogram.Add(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(i));
        }

        histogram.Add(TimeSpan.FromMilliseconds(900), 20 * HalfLife);
        Assert.InRange(histogram.Quantile(0.5).TotalMilliseconds, 850, 950);
        Assert.Equal(10_001, histogram.Count);
    }

    [Fact]
    public void Years_of_use_lose_nothing()
    {
        var histogram = new DecayedHistogram(HalfLife);
        for (var hour = 0; hour < 24 * 365; hour++)
        {
            histogram.Add(TimeSpan.FromMilliseconds(hour % 2 == 0 ? 100 : 200), TimeSpan.FromHours(hour));
        }

        Assert.InRange(histogram.Quantile(0.99).TotalMilliseconds, 190, 210);
    }

    [Fact]
    public void Empty_or_out_of_range_is_no_fault()
    {
        var histogram = new DecayedHistogram(HalfLife);
        Assert.Equal(TimeSpan.Zero, histogram.Quantile(0.5));
        histogram.Add(TimeSpan.Zero, TimeSpan.Zero);
        histogram.Add(TimeSpan.MaxValue, TimeSpan.Zero);
        Assert.InRange(histogram.Quantile(0.1).TotalMicroseconds, 0, 100);
        Assert.True(histogram.Quantile(1) > TimeSpan.FromHours(1));
    }

    private static TimeSpan At((int[] Micros, int StepMs, double Share) one, int i) => TimeSpan.FromMilliseconds((double)i * one.StepMs);

    /// <summary>The values at the share, give or take what rounding of weights may move.</summary>
    private static List<double> Exact((int[] Micros, int StepMs, double Share) one)
    {
        var last = At(one, one.Micros.Length - 1);
        var weighted = one.Micros.Select((m, i) => (Micros: (double)m, Weight: Math.Pow(2, (At(one, i) - last) / HalfLife))).OrderBy(p => p.Micros).ToList();
        var total = weighted.Sum(p => p.Weight);
        var near = new List<double>();
        var seen = 0.0;
        foreach (var (micros, weight) in weighted)
        {
            if (seen <= total * (one.Share + 1e-9) && seen + weight >= total * (one.Share - 1e-9))
            {
                near.Add(micros);
            }

            seen += weight;
        }

        return near;
    }
}
