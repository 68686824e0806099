using Relay.Api.Stats;
using Relay.Core.Latency;

namespace Relay.Api.Tests.Stats;

public class HeatmapRowsTests
{
    [Fact]
    public void Nothing_HasNoRows()
    {
        var rows = HeatmapRows.Of([HistogramSnapshot.Empty, HistogramSnapshot.Empty]);
        Assert.Empty(rows.Bounds);
        Assert.Empty(rows.Count(HistogramSnapshot.Empty));
    }

    [Fact]
    public void NarrowRange_HasEightRowsAnOctave_OfWhichTheLastHoldsTheLargest()
    {
        var one = Traffic.Times(1_000_000, 1_100_000);
        var other = Traffic.Times(1_900_000);
        var rows = HeatmapRows.Of([one, other]);
        Assert.True(rows.Bounds.Count is > 6 and <= 10, $"{rows.Bounds.Count} rows");
        Assert.Equal(2, rows.Count(one).Sum());
        Assert.Equal(1, rows.Count(other)[^1]);
        Assert.True(rows.Bounds[^1] >= 1_900);
    }

    [Fact]
    public void ColumnWithoutValues_HasNoCounts() => Assert.Empty(HeatmapRows.Of([Traffic.Times(5)]).Count(HistogramSnapshot.Empty));

    /// <summary>Against the plain definition: each value counts in the first row whose bound is not below it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Counts_AreExactByTheBounds_AndAddUp_InAtMostFortyRows(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var spread = random.NextDouble() * 22;
            var from = random.NextDouble() * (22 - spread);
            var columns = Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, random.Next(0, 50)).Select(_ => (long)Math.Exp(from + (spread * random.NextDouble()))).ToArray()).ToArray();
            var snapshots = columns.Select(values => Traffic.Times(values)).ToArray();
            var rows = HeatmapRows.Of(snapshots);
            var ends = rows.Bounds.Select(bound => (long)(bound * 1_000)).ToArray();

            Assert.True(ends.Length <= HeatmapRows.Max);
            Assert.Equal(ends.Distinct().Order(), ends);
            foreach (var (values, snapshot) in columns.Zip(snapshots))
            {
                var expected = new long[ends.Length];
                foreach (var value in values)
                {
                    expected[Array.FindIndex(ends, end => BucketMapping.Clamp(value) <= end)]++;
                }

                Assert.Equal(values.Length == 0 ? [] : expected, rows.Count(snapshot));
            }
        }
    }

    [Fact]
    public void WholeRange_HasARowAnOctave()
    {
        var rows = HeatmapRows.Of([Traffic.Times(1, BucketMapping.MaxMicros)]);
        Assert.Equal(32, rows.Bounds.Count);
        Assert.Equal(3_600_000m, rows.Bounds[^1]);
    }
}
