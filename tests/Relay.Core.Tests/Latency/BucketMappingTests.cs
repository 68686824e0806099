using FsCheck.Fluent;
using Relay.Core.Latency;

namespace Relay.Core.Tests.Latency;

public class BucketMappingTests
{
    private static readonly int[] AllBuckets = [.. Enumerable.Range(0, BucketMapping.BucketCount)];

    [Fact]
    public void Buckets_cover_1_us_to_1_h_without_gap_or_overlap()
    {
        Assert.Equal(1, BucketMapping.LowerBound(0));
        Assert.Equal(3_600_000_000, BucketMapping.UpperBound(BucketMapping.BucketCount - 1));
        Assert.All(AllBuckets.Skip(1), index => Assert.Equal(BucketMapping.UpperBound(index - 1) + 1, BucketMapping.LowerBound(index)));
        Assert.All(AllBuckets, index => Assert.True(BucketMapping.LowerBound(index) <= BucketMapping.UpperBound(index)));
    }

    [Fact]
    public void Both_bounds_and_the_representative_of_every_bucket_map_to_it()
    {
        Assert.All(AllBuckets, index =>
        {
            Assert.Equal(index, BucketMapping.IndexOf(BucketMapping.LowerBound(index)));
            Assert.Equal(index, BucketMapping.IndexOf(BucketMapping.UpperBound(index)));
            Assert.Equal(index, BucketMapping.IndexOf(BucketMapping.Representative(index)));
        });
    }

    [Fact]
    public void Relative_error_is_below_1_percent_at_both_ends_of_every_bucket()
    {
        Assert.All(AllBuckets, index =>
        {
            foreach (var value in new[] { BucketMapping.LowerBound(index), BucketMapping.UpperBound(index) })
            {
                var error = Math.Abs(BucketMapping.Representative(index) - value) / (double)value;
                Assert.True(error <= BucketMapping.MaxRelativeError, $"{value} µs: {error:P3}");
            }
        });
        Assert.True(BucketMapping.MaxRelativeError < 0.01);
    }

    [Fact]
    public void Up_to_127_us_every_value_is_exact()
    {
        for (var micros = 1; micros <= 127; micros++)
        {
            Assert.Equal(micros, BucketMapping.Representative(BucketMapping.IndexOf(micros)));
        }
    }

    [Fact]
    public void Index_is_monotone_in_the_value() =>
        Invariant.Holds(
            from a in LatencyGen.Any
            from b in LatencyGen.Any
            select (Math.Min(a, b), Math.Max(a, b)),
            pair => Assert.True(BucketMapping.IndexOf(pair.Item1) <= BucketMapping.IndexOf(pair.Item2)),
            runs: 5000);

    [Fact]
    public void Every_value_in_range_lies_within_the_bounds_of_its_bucket() =>
        Invariant.Holds(
            LatencyGen.InRange,
            micros =>
            {
                var index = BucketMapping.IndexOf(micros);
                Assert.InRange(micros, BucketMapping.LowerBound(index), BucketMapping.UpperBound(index));
            },
            runs: 5000);

    [Theory]
    [InlineData(long.MinValue, 0, true)]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(3_600_000_000, BucketMapping.BucketCount - 1, false)]
    [InlineData(3_600_000_001, BucketMapping.BucketCount - 1, true)]
    [InlineData(long.MaxValue, BucketMapping.BucketCount - 1, true)]
    public void Out_of_range_goes_to_the_nearest_bucket_and_is_flagged(long micros, int index, bool clamped)
    {
        Assert.Equal(index, BucketMapping.IndexOf(micros));
        Assert.Equal(clamped, BucketMapping.IsClamped(micros));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(BucketMapping.BucketCount)]
    public void An_index_that_does_not_exist_is_refused(int index)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BucketMapping.LowerBound(index));
        Assert.Throws<ArgumentOutOfRangeException>(() => BucketMapping.UpperBound(index));
        Assert.Throws<ArgumentOutOfRangeException>(() => BucketMapping.Representative(index));
    }
}
