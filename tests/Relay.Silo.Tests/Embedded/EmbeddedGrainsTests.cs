using Relay.Core.Latency;
using Relay.Silo.Embedded;
using Relay.Silo.Grains;
using Relay.Silo.Tests.Grains;

namespace Relay.Silo.Tests.Embedded;

public class EmbeddedGrainsTests : GrainContract
{
    public EmbeddedGrainsTests() => Grains = new EmbeddedGrains(Time);

    protected override IGrains Grains { get; }

    [Fact]
    public async Task NamesPastTheLimit_CountTogetherAndOnceEach()
    {
        var grains = new EmbeddedGrains(Time, new EmbeddedLimits { Targets = 1, Models = 1 });
        foreach (var name in new[] { "a", "b", "c", "b" })
        {
            await grains.ApplyAsync(Delta.Target(name, "g", 1, active: 1), None);
            await grains.ApplyAsync(Delta.Model(name, "g", 1, active: 1), None);
        }

        Assert.Equal((1, 0, 2, 2), await FiguresAsync(async name => (await grains.GetTargetAsync(name, Window.OneMinute, None)).Meter));
        Assert.Equal((1, 0, 2, 2), await FiguresAsync(async name => (await grains.GetModelAsync(name, Window.OneMinute, None)).Meter));
    }

    [Fact]
    public async Task OverlongName_CountsUnderOther()
    {
        var name = new string('x', 5_000);
        await Grains.ApplyAsync(Delta.Target(name, "g", 1), None);
        await Grains.ApplyAsync(Delta.Target(name, "g", 1), None);
        Assert.Equal(1, (await Grains.GetTargetAsync(EmbeddedGrains.Other, Window.OneMinute, None)).Meter.Counts[Counters.Count]);
        Assert.Equal(0, (await Grains.GetTargetAsync(name, Window.OneMinute, None)).Meter.Counts[Counters.Count]);
    }

    [Fact]
    public async Task Reading_TakesNoPlace()
    {
        var grains = new EmbeddedGrains(Time, new EmbeddedLimits { Targets = 1 });
        _ = await grains.GetTargetAsync("only asked for", Window.OneMinute, None);
        await grains.ApplyAsync(Delta.Target("t", "g", 1), None);
        Assert.Equal(1, (await grains.GetTargetAsync("t", Window.OneMinute, None)).Meter.Counts[Counters.Count]);
    }

    [Fact]
    public async Task ManyNamesAtOnce_TheLimitHoldsExactlyAndNothingIsLost()
    {
        const int Limit = 20;
        var grains = new EmbeddedGrains(Time, new EmbeddedLimits { Targets = Limit });
        await Parallel.ForEachAsync(Enumerable.Range(0, 8 * 50), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellation) =>
            await grains.ApplyAsync(Delta.Target($"t{i % 50}", $"g{i / 50}", 1), cancellation));

        var own = 0L;
        for (var i = 0; i < 50; i++)
        {
            own += (await grains.GetTargetAsync($"t{i}", Window.OneMinute, None)).Meter.Counts[Counters.Count];
        }

        Assert.Equal(8 * Limit, own);
        Assert.Equal(8 * (50 - Limit), (await grains.GetTargetAsync(EmbeddedGrains.Other, Window.OneMinute, None)).Meter.Counts[Counters.Count]);
    }

    private static async Task<(long A, long B, long Other, int OtherActive)> FiguresAsync(Func<string, Task<MeterStats>> get)
    {
        var other = await get(EmbeddedGrains.Other);
        return ((await get("a")).Counts[Counters.Count], (await get("b")).Counts[Counters.Count], other.Counts[Counters.Count], other.Active);
    }
}
