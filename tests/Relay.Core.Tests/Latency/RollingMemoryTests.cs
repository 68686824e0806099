using Relay.Core.Latency;

namespace Relay.Core.Tests.Latency;

public class RollingMemoryTests
{
    [Fact]
    public void Worst_case_memory_is_reached_and_never_passed()
    {
        // Every bucket in every 5 s slice, for longer than the longest window.
        var every = LatencyGen.Histogram(Enumerable.Range(0, BucketMapping.BucketCount).Select(BucketMapping.LowerBound));
        var rolling = new RollingHistogram();
        var peak = 0L;
        for (var second = 0; second < 90_000; second += 5)
        {
            rolling.Add(every, TimeSpan.FromSeconds(second));
            if (second % 600 == 595)
            {
                // Who reads makes it keep the window's sum.
                foreach (var window in TrailingWindows.All)
                {
                    _ = rolling.Snapshot(window, TimeSpan.FromSeconds(second));
                }

                peak = Math.Max(peak, rolling.ApproximateBytes);
                Assert.True(peak <= RollingHistogram.MaxBytes);
            }
        }

        // Of the open slices the finest one is always empty after closing: one snapshot less than the bound.
        Assert.InRange(peak, RollingHistogram.MaxBytes - (3 * HistogramSnapshot.MaxBytes), RollingHistogram.MaxBytes);
        Assert.InRange(RollingHistogram.MaxBytes, 1_950_000, 2_050_000);
    }

    [Theory]
    [InlineData(10.0, 300_000)]
    [InlineData(0.1, 100_000)]
    public void Typical_memory_of_a_day_of_log_normal_latencies_is_small(double requestsPerSecond, int maxBytes)
    {
        var random = new Random(17);
        var rolling = new RollingHistogram();
        for (var second = 0.0; second < 90_000; second += 1 / requestsPerSecond)
        {
            // Median 1.2 s; sigma 0.5 puts 95 % between 0.45 s and 3.2 s.
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            rolling.Record((long)(1_200_000 * Math.Exp(0.5 * normal)), TimeSpan.FromSeconds(second));
        }

        Assert.True(rolling.ApproximateBytes <= maxBytes, $"{rolling.ApproximateBytes} bytes");
    }

    [Fact]
    public void Idle_memory_is_one_buffer_and_its_rings()
    {
        var rolling = new RollingHistogram();
        Assert.InRange(rolling.ApproximateBytes, HistogramBuffer.Bytes, 16_000);
        rolling.Record(5, TimeSpan.FromHours(1));
        Assert.Equal(1, rolling.Snapshot(Window.TwentyFourHours, TimeSpan.FromHours(25)).Count);
        Assert.True(rolling.Snapshot(Window.TwentyFourHours, TimeSpan.FromHours(26)).IsEmpty);
        Assert.Equal(new RollingHistogram().ApproximateBytes, rolling.ApproximateBytes);
    }

    [Fact]
    public void Stated_memory_of_counters_bounds_what_is_really_allocated()
    {
        const int Width = 12;
        _ = new RollingCounters(Width);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var counters = new RollingCounters(Width);
        var empty = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(Width, counters.Width);
        Assert.InRange(empty, 500, RollingCounters.MaxBytes(Width));
        Assert.InRange(RollingCounters.MaxBytes(Width), 12_000, 20_000);
    }
}
