using FsCheck.Fluent;
using Relay.Core.Latency;

namespace Relay.Core.Tests.Latency;

public class HistogramSnapshotTests
{
    [Fact]
    public void Several_quantiles_at_once_equal_each_by_itself() =>
        Invariant.Holds(
            from values in LatencyGen.Any.ArrayOf()
            from percents in Gen.Choose(0, 1000).ArrayOf()
            select (values, percents),
            test =>
            {
                var snapshot = LatencyGen.Histogram(test.values);
                var shares = test.percents.Order().Select(percent => percent / 1000.0).ToArray();
                var all = new long[shares.Length];
                snapshot.Quantiles(shares, all);
                Assert.Equal(shares.Select(share => snapshot.Quantile(share) ?? 0), all);
            });

    [Theory]
    [InlineData(0.5, 0.4)]
    [InlineData(0.5, 1.1)]
    [InlineData(double.NaN, 0.5)]
    public void Several_quantiles_that_do_not_ascend_within_0_to_1_are_refused(double first, double second) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HistogramSnapshot.Empty.Quantiles([first, second], new long[2]));

    [Fact]
    public void Quantiles_are_within_1_percent_of_sorted_data_at_every_rank() =>
        Invariant.Holds(
            from values in LatencyGen.InRange.NonEmptyListOf()
            from percent in Gen.Choose(0, 1000)
            select (values, percent),
            test =>
            {
                var sorted = test.values.Order().ToArray();

                // Nearest rank in integers: the smallest rank with rank / n >= percent / 1000.
                var rank = Math.Max(1, ((test.percent * sorted.Length) + 999) / 1000);
                var exact = sorted[rank - 1];
                var answer = LatencyGen.Histogram(sorted).Quantile(test.percent / 1000.0)!.Value;
                Assert.True(Math.Abs(answer - exact) <= 0.01 * exact, $"p{test.percent / 10.0}: {answer}, not {exact}");
                Assert.InRange(answer, sorted[0], sorted[^1]);
            },
            runs: 2000);

    [Theory]
    [InlineData(0.07, 7)]
    [InlineData(0.29, 29)]
    [InlineData(0.55, 55)]
    [InlineData(0.99, 99)]
    [InlineData(0.991, 100)]
    public void Ranks_are_not_off_by_one_through_binary_fractions(double q, long expected) =>
        Assert.Equal(expected, LatencyGen.Histogram(Enumerable.Range(1, 100).Select(i => (long)i)).Quantile(q));

    [Fact]
    public void Count_sum_min_max_and_average_are_exact() =>
        Invariant.Holds(
            LatencyGen.InRange.NonEmptyListOf(),
            values =>
            {
                var snapshot = LatencyGen.Histogram(values);
                Assert.Equal(values.Count, snapshot.Count);
                Assert.Equal(values.Sum(), snapshot.SumMicros);
                Assert.Equal(values.Min(), snapshot.MinMicros);
                Assert.Equal(values.Max(), snapshot.MaxMicros);
                Assert.Equal((double)values.Sum() / values.Count, snapshot.AverageMicros);
                Assert.Equal(snapshot.MinMicros, snapshot.Quantile(0));
                Assert.Equal(snapshot.MaxMicros, snapshot.Quantile(1));
            });

    [Fact]
    public void Nothing_recorded_answers_null_and_not_zero()
    {
        Assert.Null(HistogramSnapshot.Empty.Quantile(0.5));
        Assert.Null(HistogramSnapshot.Empty.AverageMicros);
        Assert.Equal(0, HistogramSnapshot.Empty.CountAtOrBelow(long.MaxValue));
        Assert.Empty(HistogramSnapshot.Empty.Buckets());
    }

    [Theory]
    [InlineData(-0.001)]
    [InlineData(1.001)]
    [InlineData(double.NaN)]
    public void A_quantile_outside_0_to_1_is_refused(double q) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HistogramSnapshot.Empty.Quantile(q));

    [Fact]
    public void Count_at_or_below_is_right_but_for_values_within_1_percent_of_the_bound() =>
        Invariant.Holds(
            from values in LatencyGen.InRange.ArrayOf()
            from bound in LatencyGen.Any
            select (values, bound),
            test =>
            {
                var answer = LatencyGen.Histogram(test.values).CountAtOrBelow(test.bound);
                var least = test.values.Count(value => value * 1.01 <= test.bound);
                var most = test.values.Count(value => value * 0.99 <= test.bound);
                Assert.InRange(answer, least, most);
            },
            runs: 1000);

    [Fact]
    public void Count_at_or_below_is_monotone_and_agrees_with_quantiles() =>
        Invariant.Holds(
            from values in LatencyGen.InRange.NonEmptyListOf()
            from bounds in LatencyGen.Any.Two()
            from percent in Gen.Choose(0, 100)
            select (values, bounds, percent),
            test =>
            {
                var snapshot = LatencyGen.Histogram(test.values);
                var low = Math.Min(test.bounds.Item1, test.bounds.Item2);
                var high = Math.Max(test.bounds.Item1, test.bounds.Item2);
                Assert.True(snapshot.CountAtOrBelow(low) <= snapshot.CountAtOrBelow(high));
                var below = snapshot.CountAtOrBelow(snapshot.Quantile(test.percent / 100.0)!.Value);
                Assert.True(below * 100 >= test.percent * snapshot.Count);
            });

    [Fact]
    public void Buckets_are_ascending_and_hold_every_value_once() =>
        Invariant.Holds(
            LatencyGen.InRange.ArrayOf(),
            values =>
            {
                var buckets = LatencyGen.Histogram(values).Buckets().ToList();
                Assert.Equal(buckets.OrderBy(bucket => bucket.LowerMicros), buckets);
                Assert.All(buckets, bucket => Assert.Equal(values.Count(v => v >= bucket.LowerMicros && v <= bucket.UpperMicros), bucket.Count));
                Assert.Equal(values.Length, buckets.Sum(bucket => bucket.Count));
            });

    [Fact]
    public void A_value_past_the_limit_counts_as_1_h_and_is_flagged()
    {
        var snapshot = LatencyGen.Histogram([5, long.MaxValue]);
        Assert.Equal(BucketMapping.MaxMicros, snapshot.MaxMicros);
        Assert.Equal(BucketMapping.MaxMicros + 5, snapshot.SumMicros);
        Assert.True(snapshot.ReachedLimit);
        Assert.False(LatencyGen.Histogram([5]).ReachedLimit);
    }
}
