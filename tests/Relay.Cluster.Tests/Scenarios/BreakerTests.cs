using Relay.Cluster.Tests.Kit;

namespace Relay.Cluster.Tests.Scenarios;

/// <summary>What one gateway finds out, all know; one probe in the cluster tells whether it still holds.</summary>
public class BreakerTests(ITestOutputHelper output)
{
    private const int Trips = 5;

    [Fact]
    public async Task BreakerOpenedByOneGatewaysTraffic_StopsTheOthersWithin300Ms()
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync(targets: 2 + Trips);
        var models = Enumerable.Range(0, Trips).Select(i => $"{ClusterRig.Model}-{i}").ToArray();
        foreach (var model in models)
        {
            Assert.Equal(200, await rig.AskAsync(rig.Gateways[0], model));
            Assert.Equal(200, await rig.AskAsync(rig.Gateways[1], model));
        }

        rig.A.Faults.Add("*", "status=500");
        var took = new List<double>();
        foreach (var model in models)
        {
            await TripAsync(rig, model);
            took.Add(await FollowsAsync(rig, model));
        }

        // The middle one of five: a machine that runs other things may hold up any one of them.
        took.Sort();
        output.WriteLine($"The other gateway stopped asking after {string.Join(", ", took.Select(ms => $"{ms:0} ms"))}.");
        Assert.True(took[Trips / 2] < 300, string.Join(", ", took));
    }

    [Fact]
    public async Task OpenBreaker_IsProbedOnceInTheClusterAndOpensAgainForAll()
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync();
        rig.A.Faults.Add("*", "status=500");
        await TripAsync(rig, ClusterRig.Model);
        await FollowsAsync(rig, ClusterRig.Model);
        await using var load = ClusterLoad.Start(rig);
        await load.MoreAsync(30);
        var before = rig.A.Log.Total;

        // The open time passes: one probe from whichever gateway, not one from each.
        await Eventually.TrueAsync("it was probed", () => Task.FromResult(rig.A.Log.Total > before));
        await load.MoreAsync(100);
        Assert.Equal(before + 1, rig.A.Log.Total);

        rig.A.Faults.Clear();
        await Eventually.TrueAsync("it is used again", () => Task.FromResult(rig.A.Log.Total > before + 50));
        await load.StopAsync();
        Assert.Empty(load.Failures);
    }

    /// <summary>Asks the second gateway until it no longer asks the primary.</summary>
    /// <returns>After how many milliseconds its last request there began.</returns>
    private static async Task<double> FollowsAsync(ClusterRig rig, string model)
    {
        var tripped = TimeProvider.System.GetTimestamp();
        var last = 0.0;
        while (true)
        {
            var (before, at) = (rig.A.Log.Total, TimeProvider.System.GetElapsedTime(tripped).TotalMilliseconds);
            Assert.Equal(200, await rig.AskAsync(rig.Gateways[1], model));
            if (rig.A.Log.Total == before)
            {
                return last;
            }

            Assert.True(at < 5_000, "The other gateway goes on asking.");
            last = at;
        }
    }

    /// <summary>Fails until the first gateway's breaker is open: then it asks the primary no more.</summary>
    private static async Task TripAsync(ClusterRig rig, string model)
    {
        long before;
        do
        {
            before = rig.A.Log.Total;
            Assert.Equal(200, await rig.AskAsync(rig.Gateways[0], model));
        }
        while (rig.A.Log.Total > before);
    }
}
