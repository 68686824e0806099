using Relay.Cluster.Tests.Kit;

namespace Relay.Cluster.Tests.Scenarios;

/// <summary>What one gateway finds out, all know; one probe in the cluster tells whether it still holds.</summary>
public class BreakerTests
{
    [Fact]
    public async Task BreakerOpenedByOneGatewaysTraffic_StopsTheOthersWithin300Ms()
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync();
        foreach (var gateway in rig.Gateways)
        {
            Assert.Equal(200, await rig.AskAsync(gateway));
        }

        rig.A.Faults.Add("*", "status=500");
        await TripAsync(rig);
        var tripped = TimeProvider.System.GetTimestamp();
        var before = rig.A.Log.Total;
        TimeSpan took;
        do
        {
            before = rig.A.Log.Total;
            Assert.Equal(200, await rig.AskAsync(rig.Gateways[1]));
            took = TimeProvider.System.GetElapsedTime(tripped);
        }
        while (rig.A.Log.Total > before && took < TimeSpan.FromSeconds(5));

        Assert.True(took < TimeSpan.FromMilliseconds(300), $"The other gateway kept asking for {took.TotalMilliseconds} ms.");
    }

    [Fact]
    public async Task OpenBreaker_IsProbedOnceInTheClusterAndOpensAgainForAll()
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync();
        rig.A.Faults.Add("*", "status=500");
        await TripAsync(rig);
        await using var load = ClusterLoad.Start(rig);
        await load.MoreAsync(30);
        var before = rig.A.Log.Total;

        // Two open times: 5 s, then 10 s. Each ends with one probe from whichever gateway, not one from each.
        await Eventually.TrueAsync("it was probed", () => Task.FromResult(rig.A.Log.Total > before));
        var after = load.Answered;
        await load.MoreAsync(100);
        Assert.Equal(before + 1, rig.A.Log.Total);

        rig.A.Faults.Clear();
        await Eventually.TrueAsync("both gateways use it again", () => Task.FromResult(rig.A.Log.Total > before + 50));
        await load.StopAsync();
        Assert.True(load.Answered > after);
        Assert.Empty(load.Failures);
    }

    /// <summary>Fails until the first gateway's breaker is open: then it asks the primary no more.</summary>
    private static async Task TripAsync(ClusterRig rig)
    {
        long before;
        do
        {
            before = rig.A.Log.Total;
            Assert.Equal(200, await rig.AskAsync(rig.Gateways[0]));
        }
        while (rig.A.Log.Total > before);
    }
}
