using Relay.AppHost.Cluster;
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
            took.Add(await FollowsAsync(rig, model, await TripAsync(rig, model)));
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
        await FollowsAsync(rig, ClusterRig.Model, await TripAsync(rig, ClusterRig.Model));
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

    [Fact]
    public async Task ResetFromTheDashboard_BringsTheTargetBackAtAllGatewaysAtOnce()
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync();
        using var http = new HttpClient { BaseAddress = rig.Api.Url };
        await Eventually.TrueAsync("the API knows the targets", async () => await rig.FigureAsync("api/v1/breakers", static json => json.GetProperty("breakers").GetArrayLength()) == 2);
        Assert.Empty(await BreakerReset.ResetAllAsync(http, ClusterRig.AdminToken, CancellationToken.None));
        rig.A.Faults.Add("*", "status=500");
        await FollowsAsync(rig, ClusterRig.Model, await TripAsync(rig, ClusterRig.Model));
        rig.A.Faults.Clear();
        var before = rig.A.Log.Total;

        Assert.Equal([ClusterRig.Primary], await BreakerReset.ResetAllAsync(http, ClusterRig.AdminToken, CancellationToken.None));

        // Nothing else brings it back so soon and for all: a probe would be one request of one gateway, and none before the open time has passed.
        foreach (var gateway in rig.Gateways)
        {
            var asked = rig.A.Log.Total;
            await Eventually.TrueAsync("the gateway asks the primary again", async () => await rig.AskAsync(gateway) == 200 && rig.A.Log.Total > asked);
        }

        Assert.Equal(2, rig.A.Log.Total - before);
        await Eventually.TrueAsync("the API says that it is closed", async () => (await BreakerReset.ResetAllAsync(http, ClusterRig.AdminToken, CancellationToken.None)).Count == 0);
    }

    /// <summary>Asks the second gateway until it no longer asks the primary.</summary>
    /// <param name="rig">The cluster.</param>
    /// <param name="model">The model.</param>
    /// <param name="tripped">When the first gateway opened its breaker, at the latest.</param>
    /// <returns>How many milliseconds later the first request began that did not go there.</returns>
    private static async Task<double> FollowsAsync(ClusterRig rig, string model, long tripped)
    {
        while (true)
        {
            var (before, at) = (rig.A.Log.Total, TimeProvider.System.GetElapsedTime(tripped).TotalMilliseconds);
            Assert.Equal(200, await rig.AskAsync(rig.Gateways[1], model));
            if (rig.A.Log.Total == before)
            {
                return at;
            }

            Assert.True(at < 5_000, "The other gateway goes on asking.");
        }
    }

    /// <summary>Fails until the first gateway's breaker is open: then it asks the primary no more.</summary>
    /// <returns>When the request began that was the last to be sent there: the breaker opened after that.</returns>
    private static async Task<long> TripAsync(ClusterRig rig, string model)
    {
        for (var last = 0L; ;)
        {
            var (before, now) = (rig.A.Log.Total, TimeProvider.System.GetTimestamp());
            Assert.Equal(200, await rig.AskAsync(rig.Gateways[0], model));
            if (rig.A.Log.Total == before)
            {
                return last;
            }

            last = now;
        }
    }
}
