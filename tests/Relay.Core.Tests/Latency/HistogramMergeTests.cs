using FsCheck.Fluent;
using Relay.Core.Latency;

namespace Relay.Core.Tests.Latency;

public class HistogramMergeTests
{
    [Fact]
    public void Merging_equals_recording_everything_in_one_place() =>
        Invariant.Holds(
            LatencyGen.Values.Two(),
            pair => Assert.Equal(
                LatencyGen.Histogram(pair.Item1.Concat(pair.Item2)),
                HistogramSnapshot.Merge(LatencyGen.Histogram(pair.Item1), LatencyGen.Histogram(pair.Item2))));

    [Fact]
    public void Merging_is_associative_and_commutative_with_empty_as_identity() =>
        Invariant.Holds(
            LatencyGen.Values.Three(),
            three =>
            {
                var (a, b, c) = (LatencyGen.Histogram(three.Item1), LatencyGen.Histogram(three.Item2), LatencyGen.Histogram(three.Item3));
                AssertMonoid(a, b, c);
            });

    [Fact]
    public void Merging_stays_associative_where_counts_and_sums_are_full() =>
        Invariant.Holds(
            (from value in LatencyGen.Any
             from times in Gen.Elements(1, long.MaxValue / 2, long.MaxValue - 1, long.MaxValue)
             select Repeated(value, times)).Three(),
            three =>
            {
                AssertMonoid(three.Item1, three.Item2, three.Item3);
                var all = HistogramSnapshot.MergeAll([three.Item1, three.Item2, three.Item3]);
                Assert.True(all.Count > 0 && all.SumMicros > 0);
                Assert.InRange(all.Quantile(0.5)!.Value, all.MinMicros, all.MaxMicros);
                Assert.InRange(all.CountAtOrBelow(all.MaxMicros - 1), 0, all.Count);
            });

    [Fact]
    public void Merging_all_equals_merging_two_by_two() =>
        Invariant.Holds(
            LatencyGen.Values.ArrayOf(),
            lists =>
            {
                var snapshots = lists.Select(LatencyGen.Histogram).ToArray();
                Assert.Equal(snapshots.Aggregate(HistogramSnapshot.Empty, HistogramSnapshot.Merge), HistogramSnapshot.MergeAll(snapshots));
            },
            runs: 100);

    [Fact]
    public void Equality_is_by_content()
    {
        var a = LatencyGen.Histogram([1, 100, 10_000]);
        Assert.Equal(a, LatencyGen.Histogram([10_000, 1, 100]));
        Assert.Equal(a.GetHashCode(), LatencyGen.Histogram([10_000, 1, 100]).GetHashCode());
        Assert.NotEqual(a, LatencyGen.Histogram([1, 100, 10_001]));
        Assert.False(a.Equals(null));
    }

    [Fact]
    public void A_snapshot_survives_being_taken_apart_and_rebuilt() =>
        Invariant.Holds(
            LatencyGen.Values,
            values =>
            {
                var snapshot = LatencyGen.Histogram(values);
                Assert.Equal(snapshot, HistogramSnapshot.TryCreate(snapshot.BucketIndices, snapshot.BucketCounts, snapshot.SumMicros, snapshot.MinMicros, snapshot.MaxMicros));
            });

    [Fact]
    public void Parts_that_do_not_fit_together_are_refused()
    {
        Assert.NotNull(HistogramSnapshot.TryCreate([4, 9], [1, 1], 15, 5, 10));
        Assert.Null(HistogramSnapshot.TryCreate([4, 9], [1], 15, 5, 10));
        Assert.Null(HistogramSnapshot.TryCreate([9, 4], [1, 1], 15, 5, 10));
        Assert.Null(HistogramSnapshot.TryCreate([4, 4], [1, 1], 10, 5, 5));
        Assert.Null(HistogramSnapshot.TryCreate([4, 9], [1, 0], 5, 5, 10));
        Assert.Null(HistogramSnapshot.TryCreate([4, 9], [1, -1], 5, 5, 10));
        Assert.Null(HistogramSnapshot.TryCreate([BucketMapping.BucketCount], [1], BucketMapping.MaxMicros, BucketMapping.MaxMicros, BucketMapping.MaxMicros));
        Assert.Null(HistogramSnapshot.TryCreate([4, 9], [1, 1], 16, 5, 10));
        Assert.Null(HistogramSnapshot.TryCreate([4, 9], [1, 1], 14, 5, 10));
        Assert.Null(HistogramSnapshot.TryCreate([4, 9], [1, 1], 15, 4, 10));
        Assert.Null(HistogramSnapshot.TryCreate([4, 9], [1, 1], 15, 5, 11));
        Assert.Null(HistogramSnapshot.TryCreate([], [], 1, 0, 0));
        Assert.Same(HistogramSnapshot.Empty, HistogramSnapshot.TryCreate([], [], 0, 0, 0));
    }

    private static HistogramSnapshot Repeated(long value, long times)
    {
        var buffer = new HistogramBuffer();
        buffer.RecordCount(value, times);
        return buffer.Drain();
    }

    private static void AssertMonoid(HistogramSnapshot a, HistogramSnapshot b, HistogramSnapshot c)
    {
        Assert.Equal(HistogramSnapshot.Merge(a, b), HistogramSnapshot.Merge(b, a));
        Assert.Equal(HistogramSnapshot.Merge(HistogramSnapshot.Merge(a, b), c), HistogramSnapshot.Merge(a, HistogramSnapshot.Merge(b, c)));
        Assert.Equal(a, HistogramSnapshot.Merge(a, HistogramSnapshot.Empty));
        Assert.Equal(a, HistogramSnapshot.Merge(HistogramSnapshot.Empty, a));
    }
}
