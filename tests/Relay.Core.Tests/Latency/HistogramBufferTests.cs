using FsCheck.Fluent;
using Relay.Core.Latency;

namespace Relay.Core.Tests.Latency;

public class HistogramBufferTests
{
    [Fact]
    public void Draining_at_any_moments_and_merging_equals_direct_recording() =>
        Invariant.Holds(
            (from value in LatencyGen.Any
             from drain in Gen.Choose(0, 4)
             select (value, drain: drain == 0)).ArrayOf(),
            steps =>
            {
                var (source, target) = (new HistogramBuffer(), new HistogramBuffer());
                foreach (var (value, drain) in steps)
                {
                    source.Record(value);
                    if (drain)
                    {
                        target.MergeFrom(source.Drain());
                        Assert.Equal(HistogramSnapshot.Empty, source.Drain());
                    }
                }

                target.MergeFrom(source.Drain());
                Assert.Equal(LatencyGen.Histogram(steps.Select(step => step.value)), target.Drain());
            });

    [Fact]
    public void Recording_a_count_equals_recording_that_often() =>
        Invariant.Holds(
            from value in LatencyGen.Any
            from times in Gen.Choose(0, 50)
            select (value, times),
            test =>
            {
                var buffer = new HistogramBuffer();
                buffer.RecordCount(test.value, test.times);
                Assert.Equal(LatencyGen.Histogram(Enumerable.Repeat(test.value, test.times)), buffer.Drain());
            });

    [Fact]
    public void A_snapshot_with_another_equals_merging_the_two() =>
        Invariant.Holds(
            from own in LatencyGen.Any.ArrayOf()
            from other in LatencyGen.Any.ArrayOf()
            select (own, other),
            test =>
            {
                var buffer = new HistogramBuffer();
                foreach (var value in test.own)
                {
                    buffer.Record(value);
                }

                var other = LatencyGen.Histogram(test.other);
                Assert.Equal(HistogramSnapshot.Merge(buffer.ToSnapshot(), other), buffer.ToSnapshotWith(other));
                Assert.Equal(test.own.Length, buffer.Count);
            });

    [Fact]
    public void A_snapshot_leaves_the_buffer_as_it_was()
    {
        var buffer = new HistogramBuffer();
        buffer.Record(7);
        Assert.Equal(buffer.ToSnapshot(), buffer.Drain());
        Assert.Equal(0, buffer.Count);
        Assert.Same(HistogramSnapshot.Empty, buffer.ToSnapshot());
    }

    [Fact]
    public void Full_counts_stop_instead_of_turning_negative()
    {
        var buffer = new HistogramBuffer();
        buffer.RecordCount(1, long.MaxValue);
        buffer.Record(1);
        var snapshot = buffer.Drain();
        Assert.Equal((long.MaxValue, long.MaxValue), (snapshot.Count, snapshot.SumMicros));
        Assert.Equal([long.MaxValue], snapshot.BucketCounts.ToArray());
    }

    [Fact]
    public void A_negative_count_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HistogramBuffer().RecordCount(1, -1));

    [Fact]
    public void Recording_allocates_nothing()
    {
        var buffer = new HistogramBuffer();
        buffer.Record(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0L; i < 100_000; i++)
        {
            buffer.Record(i * 36_007);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100_001, buffer.Count);
    }

    [Fact]
    public void Stated_sizes_bound_what_is_really_allocated()
    {
        _ = LatencyGen.Histogram([1]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var buffer = new HistogramBuffer();
        var afterBuffer = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < BucketMapping.BucketCount; index++)
        {
            buffer.Record(BucketMapping.LowerBound(index));
        }

        var beforeDrain = GC.GetAllocatedBytesForCurrentThread();
        var snapshot = buffer.Drain();
        var after = GC.GetAllocatedBytesForCurrentThread();
        Assert.InRange(afterBuffer - before, HistogramBuffer.Bytes - 64, HistogramBuffer.Bytes);
        Assert.Equal(HistogramSnapshot.MaxBytes, snapshot.ApproximateBytes);
        Assert.InRange(after - beforeDrain, HistogramSnapshot.MaxBytes - 64, HistogramSnapshot.MaxBytes);
    }
}
