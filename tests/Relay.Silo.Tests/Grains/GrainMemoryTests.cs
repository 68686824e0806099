using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

public class GrainMemoryTests
{
    private const int DaySeconds = 90_000;

    [Fact]
    public void MaxBytes_IsTheSumOfItsPartsAndEightMegabytes()
    {
        var parts = RollingCounters.MaxBytes(Counters.Width) + (4 * RollingHistogram.MaxBytes) + GatewayReports.MaxBytes;
        Assert.InRange(TargetGrain.MaxBytes, parts, parts + 5_000);
        Assert.InRange(ModelGrain.MaxBytes, parts, parts + 30_000);
        Assert.InRange(TargetGrain.MaxBytes, 8_500_000, 8_700_000);
        Assert.InRange(ModelGrain.MaxBytes, 8_500_000, 8_700_000);
    }

    [Fact]
    public void EveryBucketOfEverySliceHit_StaysWithinMaxBytes()
    {
        var every = Distribution(Enumerable.Range(0, BucketMapping.BucketCount).Select(BucketMapping.LowerBound));
        var delta = new MeterDelta([.. Enumerable.Repeat(1L, Counters.Width)], every, every, every, every);
        var meter = new Meter();
        var peak = Fill(meter, _ => delta);

        // Of the open slices the finest one is empty after closing: that much less than the bound, for each distribution.
        Assert.InRange(peak, Meter.MaxBytes - (4 * 3 * HistogramSnapshot.MaxBytes) - 10_000, Meter.MaxBytes);
    }

    [Fact]
    public void TenStreamsASecondForADay_TakeLessThanAFifthOfTheWorst()
    {
        // 1.2 s in all, first token after 0.4 s, 30 ms between tokens, 45 tokens/s, each log-normal over a factor of seven. Half an hour of it, over and over.
        var random = new Random(17);
        var deltas = Enumerable.Range(0, 360)
            .Select(_ => new MeterDelta([.. Enumerable.Repeat(1L, Counters.Width)], LogNormal(50, 1_200_000), LogNormal(50, 400_000), LogNormal(2_000, 30_000), LogNormal(50, 45_000)))
            .ToArray();
        var peak = Fill(new Meter(), sequence => deltas[sequence % deltas.Length]);
        Assert.InRange(peak, 1_200_000, 1_750_000);
        Assert.InRange(Meter.MaxBytes / (double)peak, 4.8, 6.0);

        HistogramSnapshot LogNormal(int count, double median) => Distribution(Enumerable.Range(0, count).Select(_ =>
            (long)(median * Math.Exp(0.5 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))));
    }

    [Fact]
    public void IdleGrain_TakesSeventyKilobytes()
    {
        _ = new TargetGrain("warm");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var grain = new TargetGrain("t");
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(grain);
        Assert.InRange(taken, 1, 70_000);
    }

    [Fact]
    public void GatewayReports_StayWithinTheirBound()
    {
        var reports = new GatewayReports();
        Fill(reports, 1, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill(new GatewayReports(), 0, GatewayReports.MaxGateways);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, GatewayReports.MaxBytes);

        Fill(reports, 2, 1_000);
        Assert.Equal(GatewayReports.MaxGateways, reports.Count);

        static void Fill(GatewayReports reports, int from, int count)
        {
            for (var i = from; i < from + count; i++)
            {
                reports.Hear(new string((char)i, GatewayReports.MaxIdLength), TimeSpan.FromSeconds(i)).Take(1, 1, Delta.Closed);
            }
        }
    }

    [Fact]
    public void StoriesAndChanges_StayWithinTheirPartOfMaxBytes()
    {
        Warm();
        var stories = new Latest<FailoverStory>(ModelGrain.MaxStories, static story => story.At);
        var taken = Taken(() => AddAll(stories, ModelGrain.MaxStories, i => new FailoverStory(DateTimeOffset.UnixEpoch.AddSeconds(i), default, "m", new string('r', 36), "a", "b", default, default, default)));
        Assert.InRange(taken, 1, ModelGrain.MaxBytes - Meter.MaxBytes);

        var changes = new Latest<BreakerChange>(TargetGrain.MaxChanges, static change => change.At);
        taken = Taken(() => AddAll(changes, TargetGrain.MaxChanges, i => new BreakerChange(DateTimeOffset.UnixEpoch.AddSeconds(i), default, default, default)));

        // A list that grows leaves half of all it ever had behind.
        Assert.InRange(taken, 1, 2 * (TargetGrain.MaxBytes - Meter.MaxBytes));

        static void Warm() => AddAll(new Latest<BreakerChange>(1, static change => change.At), 2, _ => default);

        static void AddAll<T>(Latest<T> latest, int count, Func<int, T> make)
        {
            for (var i = 0; i < count; i++)
            {
                latest.Add(make(i));
            }
        }

        static long Taken(Action action)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>A flush every 5 s, for longer than the longest window; the most memory that was held.</summary>
    private static long Fill(Meter meter, Func<int, MeterDelta> delta)
    {
        var peak = 0L;
        for (var (second, sequence) = (0, 1); second < DaySeconds; second += 5, sequence++)
        {
            meter.Apply("g", sequence, delta(sequence), active: 0, breaker: null, TimeSpan.FromSeconds(second));
            if (second % 600 == 595)
            {
                // Who reads makes it keep the window's sum.
                foreach (var window in TrailingWindows.All)
                {
                    _ = meter.Stats(window, TimeSpan.FromSeconds(second));
                }

                peak = Math.Max(peak, meter.ApproximateBytes);
            }
        }

        return peak;
    }

    private static HistogramSnapshot Distribution(IEnumerable<long> values)
    {
        var buffer = new HistogramBuffer();
        foreach (var value in values)
        {
            buffer.Record(value);
        }

        return buffer.Drain();
    }
}
