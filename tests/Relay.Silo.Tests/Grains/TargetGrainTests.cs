using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

public class TargetGrainTests
{
    [Fact]
    public void OneGatewayTooMany_ForgetsTheOneUnheardForLongest()
    {
        var grain = new TargetGrain("t");
        for (var i = 0; i < GatewayReports.MaxGateways; i++)
        {
            grain.Apply(Delta.Target("t", $"g{i}", 1, active: 1), TimeSpan.FromMilliseconds(i));
        }

        grain.Apply(Delta.Target("t", "g0", 1), TimeSpan.FromSeconds(1));
        grain.Apply(Delta.Target("t", "new", 1), TimeSpan.FromSeconds(2));
        Assert.Equal((GatewayReports.MaxGateways + 1, GatewayReports.MaxGateways - 1), Figures());

        // g0 was heard again, so g1 went: only it is not known any more.
        grain.Apply(Delta.Target("t", "g0", 1), TimeSpan.FromSeconds(3));
        grain.Apply(Delta.Target("t", "g2", 1), TimeSpan.FromSeconds(3));
        Assert.Equal((GatewayReports.MaxGateways + 1, GatewayReports.MaxGateways - 1), Figures());
        grain.Apply(Delta.Target("t", "g1", 1), TimeSpan.FromSeconds(3));
        Assert.Equal(GatewayReports.MaxGateways + 2, Figures().Count);

        (long Count, int Active) Figures()
        {
            var meter = grain.Stats(Window.OneMinute, TimeSpan.FromSeconds(3)).Meter;
            return (meter.Counts[Counters.Count], meter.Active);
        }
    }

    [Fact]
    public void ImpossibleDelta_IsRefusedWholeAndMayBeSentRightAgain()
    {
        var grain = new TargetGrain("t");
        var negative = Delta.Target("t", "g", 1);
        negative.Meter!.Counts[Counters.CostNanoUsd] = -1;
        var narrow = Delta.Target("t", "g", 1) with { Meter = Delta.Meter(1) with { Counts = [1] } };
        Assert.ThrowsAny<ArgumentException>(() => grain.Apply(negative, default));
        Assert.ThrowsAny<ArgumentException>(() => grain.Apply(narrow, default));
        Assert.ThrowsAny<ArgumentException>(() => grain.Apply(Delta.Target("t", "g", 0), default));
        Assert.ThrowsAny<ArgumentException>(() => grain.Apply(Delta.Target("t", "", 1), default));
        Assert.ThrowsAny<ArgumentException>(() => grain.Apply(Delta.Target("t", new string('g', GatewayReports.MaxIdLength + 1), 1), default));
        Assert.True(grain.Stats(Window.OneMinute, default).Meter.Latency.IsEmpty);

        grain.Apply(Delta.Target("t", "g", 1), default);
        Assert.Equal(1, grain.Stats(Window.OneMinute, default).Meter.Latency.Count);
    }

    [Fact]
    public void NegativeActive_CountsAsNone()
    {
        var grain = new TargetGrain("t");
        grain.Apply(Delta.Target("t", "g", 1, active: -3), default);
        Assert.Equal(0, grain.Stats(Window.OneMinute, default).Meter.Active);
    }
}
