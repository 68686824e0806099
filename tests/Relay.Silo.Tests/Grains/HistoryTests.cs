using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

/// <summary>A grain that was lost gets back what gateways reported; nothing counts twice.</summary>
public class HistoryTests
{
    private static readonly TimeSpan Start = TimeSpan.FromDays(20_000);

    [Fact]
    public void GrainThatHearsAGatewayFromItsFirstDelta_WantsNothing()
    {
        var receipt = new TargetGrain("t").Apply(Delta.Target("t", "g", 1), Start).Receipt;
        Assert.Equal(new Receipt(1, WantsHistory: false, IsNew: true), receipt);
    }

    [Fact]
    public void LostGrain_SaysSinceWhenAndIsWholeAfterOneDelivery()
    {
        var (kept, lost) = (new RetainedMeter(), new TargetGrain("t"));
        for (var sequence = 1; sequence <= 40; sequence++)
        {
            kept.Keep(Delta.Meter(sequence), Start + TimeSpan.FromSeconds(20 * sequence));
        }

        var now = Start + TimeSpan.FromSeconds(820);
        var receipt = lost.Apply(Delta.Target("t", "g", 41, count: 41), now).Receipt;
        Assert.Equal((41, true), (receipt.KnownSince, receipt.WantsHistory));

        var delivery = new HistoryDelivery(GrainKind.Target, "t", "g", 41, kept.Export(now));
        Assert.True(lost.Restore(delivery, now));
        Assert.True(lost.Restore(delivery, now));
        Assert.False(lost.Apply(Delta.Target("t", "g", 42, count: 0), now).Receipt.WantsHistory);
        Assert.Equal(41 * 42 / 2, Count(lost, Window.OneHour, now));
        Assert.Equal(41 * 42 / 2, Count(lost, Window.TwentyFourHours, now));
    }

    [Fact]
    public void DeliveryForAnotherStart_IsRefused()
    {
        var grain = new TargetGrain("t");
        grain.Apply(Delta.Target("t", "g", 7), Start);
        var history = new RetainedMeter().Export(Start);
        Assert.False(grain.Restore(new(GrainKind.Target, "t", "g", 6, history), Start));
        Assert.False(grain.Restore(new(GrainKind.Target, "t", "stranger", 7, history), Start));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void RestoredGrain_AnswersAsIfItHadNeverBeenLost(int seed)
    {
        var random = new Random(seed);
        var (whole, kept) = (new TargetGrain("t"), new RetainedMeter());
        var now = Start + TimeSpan.FromSeconds(random.Next(100_000));
        var sequence = 0L;
        for (var i = 0; i < 300; i++)
        {
            now += TimeSpan.FromSeconds(random.Next(i % 50 == 0 ? 4_000 : 30));
            whole.Apply(Delta.Target("t", "g", ++sequence, i), now);
            kept.Keep(Delta.Meter(i), now);
        }

        // The history is on its way for a while; what was open there has closed here.
        var history = kept.Export(now);
        var restored = new TargetGrain("t");
        whole.Apply(Delta.Target("t", "g", ++sequence, 5), now);
        restored.Apply(Delta.Target("t", "g", sequence, 5), now);
        now += TimeSpan.FromSeconds(random.Next(40));
        Assert.True(restored.Restore(new(GrainKind.Target, "t", "g", sequence, history), now));
        for (var step = 0; step < 200; step++)
        {
            foreach (var window in Enum.GetValues<Window>())
            {
                Assert.Equal(Count(whole, window, now), Count(restored, window, now));
                Assert.Equal(whole.Stats(window, now).Meter.Latency, restored.Stats(window, now).Meter.Latency);
            }

            now += TimeSpan.FromSeconds(random.Next(600));
        }
    }

    [Fact]
    public void DeltaThatSkipsOne_IsSaidToHaveAGapAndLateOnesAreNot()
    {
        var grain = new TargetGrain("t");
        Assert.False(grain.Apply(Delta.Target("t", "g", 3), Start).Receipt.HasGap);
        Assert.False(grain.Apply(Delta.Target("t", "g", 2), Start).Receipt.HasGap);
        Assert.False(grain.Apply(Delta.Target("t", "g", 4), Start).Receipt.HasGap);
        Assert.True(grain.Apply(Delta.Target("t", "g", 6), Start).Receipt.HasGap);
    }

    [Fact]
    public void MovedGrain_KnowsWhatItKnewAndCountsNothingTwice()
    {
        var before = new TargetGrain("t");
        before.Apply(Delta.Target("t", "g", 1, 3, active: 2), Start);
        before.Apply(Delta.Target("t", "g", 2, 4, active: 2), Start);
        var after = new TargetGrain("t");
        after.Resume(before.Remember(Start), Start);

        Assert.False(after.Apply(Delta.Target("t", "g", 2, 4), Start).Receipt.IsNew);
        Assert.Equal(new Receipt(1, WantsHistory: false, IsNew: true), after.Apply(Delta.Target("t", "g", 3, 5), Start).Receipt);
        Assert.Equal(12, Count(after, Window.OneMinute, Start));
    }

    private static long Count(TargetGrain grain, Window window, TimeSpan now) => grain.Stats(window, now).Meter.Counts[Counters.Count];
}
