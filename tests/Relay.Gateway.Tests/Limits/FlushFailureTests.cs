using Relay.Core.Latency;
using Relay.Gateway.Tests.Kit;
using Relay.Silo.Grains;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Limits;

/// <summary>A grain that is away while others are there.</summary>
public sealed class FlushFailureTests
{
    private const string Target = "p0/gpt-sim";

    [Theory]
    [InlineData(Rig.Model, false)]
    [InlineData(Rig.Model, true)]
    [InlineData(Target, false)]
    [InlineData(Target, true)]
    public async Task GrainThatFails_KeepsNoOtherFromItsDelta_AndEachDeltaCountsOnce(string failing, bool afterItTookIt)
    {
        // The clock stands still, so that nothing is flushed but by the test.
        MoodyGrains grains = null!;
        await using var rig = await Rig.StartAsync(new RigOptions { Time = new ManualTimeProvider(), Grains = inner => grains = new MoodyGrains(inner) });
        using var owned = grains;
        (grains.Failing, grains.AfterItTookIt) = (failing, afterItTookIt);
        for (var round = 1; round <= 3; round++)
        {
            await rig.ChatAsync();
            grains.Called.Clear();

            await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Gateway.FlushAsync());

            Assert.Equal([Rig.Model, Target, "p1/gpt-sim"], grains.Called.Distinct());
            var (model, target) = await CountsAsync(rig);
            Assert.Equal(round, failing == Target ? model : target);
            Assert.Equal(afterItTookIt ? 1 : 0, failing == Target ? target : model);
        }

        grains.Failing = null;
        await rig.ChatAsync();
        await rig.Gateway.FlushAsync();

        Assert.Equal((4, 4), await CountsAsync(rig));
        await rig.Gateway.FlushAsync();
        Assert.Equal((4, 4), await CountsAsync(rig));
    }

    [Fact]
    public async Task GrainThatStaysAway_IsToldOnce()
    {
        MoodyGrains grains = null!;
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1, Grains = inner => grains = new MoodyGrains(inner) { Failing = Target } });
        using var owned = grains;

        for (var pass = 0; pass < 4; pass++)
        {
            Assert.True(await grains.Failures.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        Assert.Single(rig.Log.Text.Split('\n'), line => line.Contains("Flusher", StringComparison.Ordinal));
        grains.Failing = null;
    }

    private static async Task<(long Model, long Target)> CountsAsync(Rig rig)
    {
        var model = await rig.Grains.GetModelAsync(Rig.Model, Window.OneMinute, default);
        var target = await rig.Grains.GetTargetAsync(Target, Window.OneMinute, default);
        return (model.Meter.Counts[Counters.Count], target.Meter.Counts[Counters.Count]);
    }
}
