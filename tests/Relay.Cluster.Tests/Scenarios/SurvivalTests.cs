using Relay.Cluster.Tests.Kit;

namespace Relay.Cluster.Tests.Scenarios;

/// <summary>Processes come and go under load; clients and figures must not notice.</summary>
public class SurvivalTests(ITestOutputHelper output)
{
    [Fact]
    public async Task SiloKilledUnderLoad_NoClientErrorAndCountsAreExact()
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync();
        await using var load = ClusterLoad.Start(rig);
        await load.MoreAsync(200);
        await rig.Silos[0].KillAsync();
        var killed = TimeProvider.System.GetTimestamp();
        await load.MoreAsync(50);
        await Eventually.TrueAsync("figures are there", async () => await rig.RequestsAsync() >= 0);
        var back = TimeProvider.System.GetElapsedTime(killed);
        await load.MoreAsync(200);
        await load.StopAsync();
        output.WriteLine($"Figures were back {back.TotalSeconds:0.0} s after the kill; {load.Answered} requests answered.");

        Assert.Empty(load.Failures);
        await rig.CountsAsync(load.Answered);
        Assert.True(back < TimeSpan.FromSeconds(20), $"Figures were back after {back}.");
    }

    [Fact]
    public async Task AllSilosGone_GatewaysServeOnAndCountsAreExactAfterwards()
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync();
        await using var load = ClusterLoad.Start(rig, clients: 2);
        await load.MoreAsync(100);
        await Task.WhenAll(rig.Silos.Select(silo => silo.KillAsync()));
        await Eventually.TrueAsync("gateways say that the cluster is away", async () =>
            (await Task.WhenAll(rig.Gateways.Select(g => g.ReadinessAsync()))).All(r => r.IsReady && r.Text.Contains("cluster=away", StringComparison.Ordinal)));
        await AwayAsync(load);
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(rig.AddSiloAsync(), rig.AddSiloAsync());
        var ready = TimeProvider.System.GetElapsedTime(started);
        await Task.WhenAll(rig.Gateways.Select(rig.JoinedAsync));
        var joined = TimeProvider.System.GetElapsedTime(started);
        await load.MoreAsync(100);
        await load.StopAsync();
        output.WriteLine($"New silos were ready {ready.TotalSeconds:0.0} s after their start, gateways joined after {joined.TotalSeconds:0.0} s; {load.Answered} requests answered.");

        Assert.Empty(load.Failures);
        await rig.CountsAsync(load.Answered);
    }

    [Fact]
    public async Task AllSilosKilledAndReplacedAtOnce_NewOnesDoNotWaitForTheDead()
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync();
        await using var load = ClusterLoad.Start(rig, clients: 2);
        await load.MoreAsync(50);
        await Task.WhenAll(rig.Silos.Select(silo => silo.KillAsync()));
        var killed = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(rig.AddSiloAsync(), rig.AddSiloAsync());
        var ready = TimeProvider.System.GetElapsedTime(killed);
        output.WriteLine($"New silos were ready {ready.TotalSeconds:0.0} s after the kill.");
        await Task.WhenAll(rig.Gateways.Select(rig.JoinedAsync));
        await load.StopAsync();

        Assert.Empty(load.Failures);
        await rig.CountsAsync(load.Answered);
        Assert.True(ready < TimeSpan.FromSeconds(60), $"New silos were ready after {ready}.");
    }

    [Fact]
    public async Task RollingRestartOfEveryProcessUnderLoad_NoRequestFailsAndCountsAreExact()
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync();
        await using var load = ClusterLoad.Start(rig, clients: 2);
        await load.MoreAsync(100);
        foreach (var silo in rig.Silos.ToArray())
        {
            await rig.AddSiloAsync();
            await silo.StopAsync();
            await load.MoreAsync(50);
        }

        foreach (var gateway in rig.Gateways.ToArray())
        {
            await rig.AddGatewayAsync();
            await gateway.StopAsync();
            lock (rig.Gateways)
            {
                rig.Gateways.Remove(gateway);
            }

            await load.MoreAsync(50);
        }

        await rig.Api.StopAsync();
        await rig.AddApiAsync();
        await load.StopAsync();

        Assert.Empty(load.Failures);
        await rig.CountsAsync(load.Answered);
    }

    /// <summary>As long as RELAY_CLUSTER_AWAY_SECONDS says, 6 by default: the full length is run by hand.</summary>
    private static async Task AwayAsync(ClusterLoad load)
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("RELAY_CLUSTER_AWAY_SECONDS"), out var set) ? set : 6;
        using var away = new PeriodicTimer(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        await away.WaitForNextTickAsync();
        await load.MoreAsync(50);
    }
}
